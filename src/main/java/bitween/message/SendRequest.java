package bitween.message;

import bitween.bus.Request;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.OpenOffer;
import bitween.model.Sent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is sent to friends, and what they send. Each fails with a {@link bitween.model.UserException}. */
public sealed interface SendRequest<R> extends Request<R> {
    /**
     * Offers a file or folder to one friend. Answered once it is stored. Fails as SharePath.
     *
     * @param path absolute
     * @param name null: the path's own
     * @param piped whether the file was made of what came through a pipe, and goes with the offer
     */
    record AddSent(Path path, @Nullable String name, Jid friend, boolean piped) implements SendRequest<Sent> {}

    /** Takes an offer back; fails with UNKNOWN_SHARE when there is none of that number. One that has ended is forgotten. */
    record RemoveSent(long id) implements SendRequest<Sent> {}

    /** What is and was sent, oldest first. */
    record ListSent() implements SendRequest<List<Sent>> {}

    /** What friends send and is not here yet, by friend and name. */
    record ListOffers() implements SendRequest<List<OpenOffer>> {}

    /** Says no to what a friend sends; they are told when they can be. Fails with UNKNOWN_SHARE. */
    record ReturnOffer(Jid friend, InfoHash hash) implements SendRequest<OpenOffer> {}

    /** Lets so much of what a friend sends come by itself in a day; 0: nothing. */
    record SetAllowance(Jid friend, long bytesPerDay) implements SendRequest<Long> {}

    /** Of each friend from whom something may come by itself, how much in a day. */
    record ListAllowances() implements SendRequest<Map<Jid, Long>> {}
}
