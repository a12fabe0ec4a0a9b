package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a job waits that no friend can give any more: what it gets was replaced by its owner, or was sent and taken back. Pure: looks at one catalogue. */
final class Replaced {
    private Replaced() {}

    /** @return as an error; null when it does not wait, or for who may come back */
    static @Nullable View reason(Catalogue now, Transfer job) {
        if (job.kind() != Transfer.Kind.JOB
                || job.state() != TransferState.WAITING_FOR_FRIEND
                || !now.sources(job).isEmpty()) {
            return null;
        }
        Share known = job.share();
        return newer(now, known == null ? job.name() : known.name())
                .map(newer -> reason(job, newer.getKey(), newer.getValue()))
                .orElseGet(() -> takenBack(now, job));
    }

    private static @Nullable View takenBack(Catalogue now, Transfer job) {
        InfoHash hash = job.hash();
        return now.friends().values().stream()
                .filter(friend -> hash != null && friend.takenBack().contains(hash))
                .map(Friend::jid)
                .min(Comparator.naturalOrder())
                .map(sender -> error(
                        ErrorCode.OFFER_WITHDRAWN,
                        "nobody offers it any more: " + sender + ", who sent it, took it back",
                        "ask them to send it again; or forget it with: bitween rm '" + job.id() + "'"))
                .orElse(null);
    }

    private static Optional<Map.Entry<Jid, Share>> newer(Catalogue now, String name) {
        return now.friends().values().stream()
                .flatMap(friend -> friend.devices().values().stream())
                .flatMap(device -> named(device, name))
                .max(Comparator.<Map.Entry<Jid, Share>>comparingInt(
                                offer -> offer.getValue().revision())
                        .thenComparing(offer -> offer.getKey())
                        .thenComparing(offer -> offer.getValue().hash()));
    }

    /** Unsorted: of each job that waits, all that friends share is looked at. */
    private static Stream<Map.Entry<Jid, Share>> named(FriendDevice device, String name) {
        return device.shares().values().stream()
                .filter(share -> share.name().equals(name))
                .map(share -> Map.entry(device.device().jid(), share));
    }

    private static View reason(Transfer job, Jid owner, Share newer) {
        boolean live = newer.revision() > 0;
        String get = "bitween get " + Resolver.typed(owner + "/" + newer.name());
        return error(
                ErrorCode.REVISION_GONE,
                "nobody offers it any more: "
                        + (live
                                ? owner + " has revision " + newer.revision() + " of it now"
                                : owner + " shares something else under that name now"),
                "get that with: " + get + "; forget this one with: bitween rm '" + job.id() + "'");
    }

    private static View error(ErrorCode code, String message, String hint) {
        return new View()
                .with("code", code)
                .with("message", message)
                .with("hint", hint)
                .with("since", null)
                .with("retryAt", null);
    }
}
