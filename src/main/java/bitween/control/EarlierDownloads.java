package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.FriendDevice;
import bitween.control.Resolver.Wanted;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Transfer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which download the next revision of a friend's live share brings up to date: that of the newest revision before. Thread: {@code control-n}, which may wait for the disk.
 *
 * <p>That one is before the other is what a friend's list says: it is believed of what came from that friend, who could not replace what came from somebody else; and of what is on its way
 * while nobody else offers it. A former revision that was wanted by its number stays what it is.
 */
final class EarlierDownloads {
    /** It is a look into the store. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Replies replies;
    private final Histories histories;
    private final Origins origins;

    EarlierDownloads(Replies replies, Histories histories, Origins origins) {
        this.replies = replies;
        this.histories = histories;
        this.origins = origins;
    }

    /**
     * A former revision that is wanted by its number has a place of its own, and so has what is to go into another folder.
     *
     * @param to the folder that is named; null: none
     * @param part whether some of the share is wanted only: then what was got as a whole stays as it is
     */
    Optional<Transfer> of(Wanted wanted, @Nullable Path to, boolean part) throws InterruptedException {
        Catalogue now = replies.catalogue();
        Set<Jid> owners = now.transfer(wanted.hash()).isPresent() ? Set.of() : owners(now, wanted);
        if (owners.isEmpty()) {
            return Optional.empty();
        }
        return Replies.await(histories.before(wanted.hash()), LIMIT).stream()
                .flatMap(hash -> now.transfer(hash).stream())
                .filter(got -> got.kind() == Transfer.Kind.JOB || got.finished() != null)
                .filter(got -> to == null || to.equals(got.place().getParent()))
                .filter(got -> !part || got.selection() != null)
                .filter(got -> !got.name().startsWith(wanted.name() + "@"))
                .filter(got -> got.finished() == null
                        ? isOffered(now, got, owners)
                        : Files.exists(got.place()) && isFrom(owners, got))
                .findFirst();
    }

    /** @param owners by them alone */
    private static boolean isOffered(Catalogue now, Transfer getting, Set<Jid> owners) {
        InfoHash hash = getting.hash();
        return hash != null
                && now.holders(hash).stream()
                        .map(device -> device.device().jid())
                        .allMatch(owners::contains);
    }

    private boolean isFrom(Set<Jid> owners, Transfer got) {
        InfoHash hash = got.hash();
        return hash != null && origins.givers(hash, got.place()).stream().anyMatch(owners::contains);
    }

    /** Who share it as the newest revision of something live. */
    private static Set<Jid> owners(Catalogue now, Wanted wanted) {
        List<FriendDevice> devices = wanted.from().isEmpty() ? now.holders(wanted.hash()) : wanted.from();
        return devices.stream()
                .filter(device -> {
                    Share share = device.shares().get(wanted.hash());
                    return share != null && share.revision() > 0;
                })
                .map(device -> device.device().jid())
                .collect(Collectors.toSet());
    }
}
