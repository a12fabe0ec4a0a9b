package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Magnet;
import bitween.model.PeerAddress;
import bitween.model.Progress;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How shares and jobs look to clients: every key is always there, null where nothing is known. Looks at one catalogue. Not thread-safe. */
final class TransferViews {
    /** What matters more first, then what was asked for earlier. */
    private static final Comparator<Transfer> IN_QUEUE = Comparator.comparing(Transfer::priority)
            .thenComparing(transfer -> transfer.id().value());

    private final Catalogue catalogue;
    private final PeerNames peers;
    private @Nullable List<Transfer> queue;

    TransferViews(Catalogue catalogue) {
        this.catalogue = catalogue;
        peers = new PeerNames(catalogue);
    }

    /** All of one kind, by name. */
    List<View> all(Transfer.Kind kind) {
        return all(kind, Set.of());
    }

    /** @param gone of which the files are */
    List<View> all(Transfer.Kind kind, Set<TransferId> gone) {
        return catalogue.transfers().values().stream()
                .filter(transfer -> transfer.kind() == kind)
                .sorted(Comparator.comparing(Transfer::name, String.CASE_INSENSITIVE_ORDER)
                        .thenComparing(transfer -> transfer.id().value()))
                .map(transfer -> gone.contains(transfer.id())
                        ? transfer(transfer).with("error", GoneFiles.error(transfer))
                        : transfer(transfer))
                .toList();
    }

    /** As it is now; as it was in an answer when the catalogue does not have it: not yet, or no more. */
    View current(Transfer answered) {
        return transfer(
                Optional.ofNullable(catalogue.transfers().get(answered.id())).orElse(answered));
    }

    /** @return empty when there is none with that number */
    Optional<View> byId(TransferId id) {
        return Optional.ofNullable(catalogue.transfers().get(id)).map(this::transfer);
    }

    View transfer(Transfer transfer) {
        Progress progress = catalogue.progressOf(transfer.id());
        Share share = transfer.share();
        Selection selection = transfer.selection();
        Long size = share != null
                ? (Long) transfer.wantedBytes()
                : progress.totalBytes() > 0 ? progress.totalBytes() : null;
        boolean whole = transfer.state() == TransferState.SEEDING || transfer.state() == TransferState.COMPLETE;
        long done = whole && size != null ? size : progress.doneBytes();
        return new View()
                .with("id", transfer.id().value())
                .with("kind", transfer.kind())
                .with("name", transfer.name())
                .with("state", transfer.state())
                .with("queuePlace", queuePlace(transfer))
                .with("hash", transfer.hash())
                .with("magnet", magnet(transfer.hash(), transfer.name()))
                .with("contentId", share == null ? null : share.content())
                .with("sizeBytes", size)
                .with("files", share == null ? null : selection == null ? share.files() : selection.files())
                .with("only", selection == null ? null : selection.texts())
                .with("shareFiles", share == null ? null : share.files())
                .with("shareBytes", share == null ? null : share.sizeBytes())
                .with("priority", transfer.kind() == Transfer.Kind.JOB ? transfer.priority() : null)
                .with(
                        "filePriorities",
                        transfer.filePriorities().stream()
                                .map(rule -> new View()
                                        .with("what", rule.what().toString())
                                        .with("priority", rule.priority()))
                                .toList())
                .with("limit", LimitMethods.view(transfer.limit()))
                .with("doneBytes", done)
                .with("percent", whole ? (Double) 100.0 : percent(done, size))
                .with("downloadBytesPerSecond", progress.downloadBytesPerSecond())
                .with("uploadBytesPerSecond", progress.uploadBytesPerSecond())
                .with("uploadedBytes", progress.uploadedBytes())
                .with("etaSeconds", eta(transfer.state(), progress, done, size))
                .with("peers", progress.peers().stream().map(this::peer).toList())
                .with("holdersOnline", holdersOnline(transfer))
                .with("damagedBy", transfer.hash() == null ? List.of() : damagedBy(transfer.hash()))
                .with("place", transfer.place())
                .with(
                        "audience",
                        transfer.kind() == Transfer.Kind.SHARE
                                        || !transfer.audience().isEmpty()
                                ? transfer.audience().texts()
                                : null)
                .with("allowsReshare", share != null && share.reshare())
                .with("mode", transfer.kind() == Transfer.Kind.SHARE ? transfer.mode() : null)
                .with("revision", share == null ? null : revision(share))
                .with("error", error(transfer))
                .with("since", transfer.since())
                .with("finished", transfer.finished());
    }

    /** That nobody will give it says more than why nobody did when they were asked last. */
    private @Nullable View error(Transfer transfer) {
        View reason = Replaced.reason(catalogue, transfer);
        return reason == null ? failure(transfer.failure()) : reason;
    }

    /** Of a live share; null of any other. */
    static @Nullable Integer revision(Share share) {
        return share.revision() > 0 ? (Integer) share.revision() : null;
    }

    /** 1 of what begins next; null where nothing is queued. */
    private @Nullable Long queuePlace(Transfer job) {
        if (job.state() != TransferState.QUEUED) {
            return null;
        }
        int at = Collections.binarySearch(queue(), job, IN_QUEUE);
        return (at < 0 ? -at : at + 1) + 0L; // one that the catalogue does not have yet stands where it will
    }

    /** Sorted once for all that are looked at. */
    private List<Transfer> queue() {
        if (queue == null) {
            queue = catalogue.transfers().values().stream()
                    .filter(transfer -> transfer.state() == TransferState.QUEUED)
                    .sorted(IN_QUEUE)
                    .toList();
        }
        return queue;
    }

    static @Nullable String magnet(@Nullable InfoHash hash, String name) {
        return hash == null ? null : new Magnet(hash, name).toString();
    }

    /** In tenths, rounded down: 100 only when it is whole. */
    private static @Nullable Double percent(long done, @Nullable Long size) {
        return size == null || size == 0 ? null : Math.min(999, Math.floor(done * 1000.0 / size)) / 10;
    }

    private static @Nullable Long eta(TransferState state, Progress progress, long done, @Nullable Long size) {
        long rate = progress.downloadBytesPerSecond();
        return state != TransferState.DOWNLOADING || size == null || rate <= 0
                ? null
                : (Long) ((size - done + rate - 1) / rate);
    }

    /** Devices that are online and share it, or a copy: when there is one, it can come at any moment. */
    private long holdersOnline(Transfer transfer) {
        InfoHash hash = transfer.hash();
        return hash == null
                ? 0
                : catalogue.sources(transfer).stream()
                        .filter(FriendDevice::isReachable)
                        .filter(device -> !catalogue.isPaused(device.device().jid()))
                        .filter(device ->
                                catalogue.offered(device.device(), hash).isPresent())
                        .count();
    }

    private View peer(Progress.Peer peer) {
        PeerNames.Owner owner = peers.ownerOf(peer.address());
        FriendDevice.Path link = owner == null ? null : owner.device().link();
        PeerAddress address = link == null ? peer.address() : link.path().address();
        return new View()
                .with("contact", owner == null ? null : owner.friend().jid())
                .with("device", owner == null ? null : owner.device().name())
                .with("address", address, PeerAddress::brief)
                .with("down", peer.downloadBytesPerSecond())
                .with("up", peer.uploadBytesPerSecond());
    }

    /** Whose devices sent wrong pieces of it since we started. */
    private List<View> damagedBy(InfoHash hash) {
        return catalogue.friends().values().stream()
                .sorted(Comparator.comparing(Friend::jid))
                .flatMap(friend -> friend.sortedDevices().stream())
                .filter(device -> device.misdeeds().damaged().containsKey(hash))
                .map(device ->
                        FriendViews.damage(device, device.misdeeds().damaged().getOrDefault(hash, 0)))
                .toList();
    }

    static @Nullable View failure(@Nullable Failure failure) {
        return failure == null
                ? null
                : new View()
                        .with("code", failure.code())
                        .with("message", failure.reason())
                        .with("hint", failure.hint())
                        .with("since", failure.since())
                        .with("retryAt", failure.retryAt());
    }
}
