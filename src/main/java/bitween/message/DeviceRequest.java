package bitween.message;

import bitween.bus.Request;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Revision;
import bitween.model.Ticket;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What daemons ask of each other. Who carries it is nobody else's business. */
public sealed interface DeviceRequest<R> extends Request<R> {
    /** Asks a friend's device for a page. Answered by whoever reaches devices; fails with UserException FRIEND_OFFLINE, FRIEND_REFUSED or TIMED_OUT. */
    record FetchPage(Device device, PageQuery query) implements DeviceRequest<Page> {}

    /**
     * A friend's device asks us for a page. That it is {@code asker}'s, whoever carries it has checked; what is for them, whoever answers does. Fails with
     * UserException UNKNOWN_SHARE, be it that there is no such share or that it is not for them.
     */
    record ServePage(Device asker, PageQuery query) implements DeviceRequest<Page> {}

    /** A friend's device says what became of an offer of ours to them. Fails with UserException UNKNOWN_SHARE when there is none, or it is not theirs. */
    record ServeAnswer(Device asker, InfoHash hash, boolean taken) implements DeviceRequest<Boolean> {}

    /**
     * Asks an owner's device for its leave to be helped by others who get {@code hash} from it. Answered by whoever reaches devices; fails with UserException
     * UNKNOWN_SHARE when it is not for us, else as {@link FetchPage}.
     */
    record FetchTicket(Device owner, InfoHash hash) implements DeviceRequest<Ticket> {}

    /** A friend's device asks us for such a ticket. Fails with UserException UNKNOWN_SHARE. */
    record ServeTicket(Device asker, InfoHash hash) implements DeviceRequest<Ticket> {}

    /** Asks a friend's device to help us; its answer is the ticket that it has itself. Fails as {@link FetchTicket}. */
    record ShowTicket(Device friend, Ticket ticket) implements DeviceRequest<Ticket> {}

    /** A friend's device asks us to help it. Fails with UserException UNKNOWN_SHARE when the ticket is for nothing that we get, or BUSY. */
    record ServeHelp(Device asker, Ticket ticket) implements DeviceRequest<Ticket> {}

    /**
     * Fetches a share's document: from the store, else from any contact's device that holds it; fails with UserException FRIEND_OFFLINE when none is
     * online.
     *
     * @param kind INFO or DIGESTS
     * @param except devices that are not asked: what they gave was wrong
     */
    record FetchDocument(InfoHash hash, PageQuery.Kind kind, Set<Device> except) implements DeviceRequest<Document> {
        public FetchDocument {
            except = Set.copyOf(except);
        }

        public FetchDocument(InfoHash hash, PageQuery.Kind kind) {
            this(hash, kind, Set.of());
        }
    }

    /**
     * Asks friends' devices, one after the other, which revisions their live share had, the newest first. Fails as {@link FetchPage}.
     *
     * @param hash of the revision that they share now
     */
    record FetchHistory(InfoHash hash, List<Device> devices) implements DeviceRequest<List<Revision>> {
        public FetchHistory {
            devices = List.copyOf(devices);
        }
    }

    /** Asks them for a document of a revision that was; from the store, if it is there. Fails as {@link FetchPage}. */
    record FetchFormer(InfoHash hash, PageQuery.Kind kind, List<Device> devices) implements DeviceRequest<Bytes> {
        public FetchFormer {
            devices = List.copyOf(devices);
        }
    }

    /**
     * The answer to {@link FetchDocument}.
     *
     * @param from who gave it just now; null: the store
     */
    record Document(Bytes content, @Nullable Device from) {}
}
