package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.FriendDevice;
import bitween.control.Resolver.Held;
import bitween.control.Resolver.Reference;
import bitween.control.Resolver.Wanted;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Former;
import bitween.model.Revision;
import bitween.model.UserException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Former revisions that whoever they are of does not keep, but another friend shares. Thread: {@code control-n}. */
final class Formers {
    /** Not as long as for a list to read. */
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(20);

    private final Replies replies;
    private final Histories histories;
    private final OwnRevisions own;

    Formers(Replies replies, Histories histories) {
        this.replies = replies;
        this.histories = histories;
        own = new OwnRevisions(replies, histories);
    }

    /**
     * As {@link Resolver#wanted}; of a former revision its owner is asked what it was, if he has it no more.
     *
     * @throws UserException as that; REVISION_GONE when nobody has it
     */
    Wanted wanted(String text) throws InterruptedException {
        Catalogue now = replies.catalogue();
        try {
            return new Resolver(now).wanted(text);
        } catch (UserException e) {
            Wanted elsewhere =
                    e.code() == ErrorCode.REVISION_GONE ? elsewhere(now, Reference.parse(text)) : own(e, text);
            if (elsewhere == null) {
                throw e;
            }
            return elsewhere;
        }
    }

    /** What no friend shares may be a revision of our own. */
    private @Nullable Wanted own(UserException unknown, String text) throws InterruptedException {
        boolean isUnknown = unknown.code() == ErrorCode.UNKNOWN_FRIEND || unknown.code() == ErrorCode.UNKNOWN_SHARE;
        return isUnknown ? own.wanted(text) : null;
    }

    private @Nullable Wanted elsewhere(Catalogue now, Reference reference) throws InterruptedException {
        Matcher numbered = Resolver.NUMBERED.matcher(Objects.requireNonNullElse(reference.share(), ""));
        if (!numbered.matches()) {
            return null;
        }
        Resolver resolver = new Resolver(now);
        Held live = resolver.share(resolver.friend(reference.friend()), numbered.group(1));
        List<Device> devices = live.devices().stream()
                .filter(FriendDevice::isReachable)
                .map(FriendDevice::device)
                .toList();
        return (devices.isEmpty() ? List.<Revision>of() : known(live, devices))
                .stream()
                        .filter(revision -> revision.number() == Long.parseLong(numbered.group(2)))
                        .filter(revision -> !now.holders(revision.hash()).isEmpty())
                        .findFirst()
                        .map(revision -> resolver.formerly(
                                live.share(), new Former(revision.number(), revision.hash()), reference.path()))
                        .orElse(null);
    }

    private List<Revision> known(Held live, List<Device> devices) throws InterruptedException {
        try {
            return Replies.await(histories.of(live.share().hash(), devices), FETCH_LIMIT);
        } catch (UserException e) {
            return List.of(); // then nobody knows
        }
    }
}
