package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.FriendDevice;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a job waits that no friend can give any more: what it gets was replaced by its owner. Pure: looks at one catalogue. */
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
        return new View()
                .with("code", ErrorCode.REVISION_GONE)
                .with(
                        "message",
                        "nobody offers it any more: "
                                + (live
                                        ? owner + " has revision " + newer.revision() + " of it now"
                                        : owner + " shares something else under that name now"))
                .with("hint", "get that with: " + get + "; forget this one with: bitween rm '" + job.id() + "'")
                .with("since", null)
                .with("retryAt", null);
    }
}
