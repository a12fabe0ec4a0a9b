package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.message.TorrentRequest.RelocateShare;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.format.Candidates;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.ShareScanner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds files of a share that were moved: by names and sizes first, and what fits is read. Thread: {@code torrent}; the {@link Hasher} looks and reads, {@code disk}
 * renames.
 *
 * <p>The names of the files are part of what was hashed, so all have to stand under them in one folder. Files that are otherwise named are found by what is in them, and
 * put in place only when the user said so.
 */
final class Relocating {
    private static final Logger log = LogManager.getLogger(Relocating.class);
    private static final Set<TransferState> LOST =
            EnumSet.of(TransferState.MISSING, TransferState.STALE, TransferState.FAILED);

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final Hasher hasher;
    private final ShareScanner scanner;
    private final Executor disk;
    private final Sharing sharing;
    private final Clock clock;

    Relocating(
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            Hasher hasher,
            ShareScanner scanner,
            Executor disk,
            Sharing sharing,
            Clock clock) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.hasher = hasher;
        this.scanner = scanner;
        this.disk = disk;
        this.sharing = sharing;
        this.clock = clock;
    }

    /** One search: for what, and what makes sure of it. */
    private record Search(InfoHash hash, InfoDictionary info, Bytes digests, boolean rename) {
        BitSet all() {
            BitSet all = new BitSet();
            all.set(0, info.files().size());
            return all;
        }
    }

    /** Where all files are, and how they looked before they were read. */
    private record Whole(Path root, FilesLook look) {}

    /** @return fails with BAD_ARGUMENT when nothing of it is missing, or nobody could tell whether what is found is right */
    CompletableFuture<Transfer> relocate(Transfer share, RelocateShare request) {
        if (LOST.contains(share.state())) {
            return CompletableFuture.completedFuture(begin(share, share.state(), request));
        }
        InfoHash hash = share.hash();
        InfoDictionary info = hash == null ? null : sharing.storedInfo(hash).orElse(null);
        if (info == null || share.state() != TransferState.SEEDING) {
            throw nothingMissing(share);
        }
        return hasher.look(info, share.place(), null)
                .thenApplyAsync(look -> looked(share, transfers.get(share.id()), request, look), mailbox);
    }

    /** Nobody may have noticed yet that files are gone. Of a live share some may be: that is its next revision. */
    private Transfer looked(Transfer before, Transfer now, RelocateShare request, FilesLook look) {
        boolean lost = now.isLive()
                ? look.missing().cardinality() == look.now().each().size()
                : !look.missing().isEmpty();
        if (LOST.contains(now.state())) {
            return begin(now, now.state(), request);
        } else if (lost && now.state() == TransferState.SEEDING && now.place().equals(before.place())) {
            return begin(now, TransferState.MISSING, request);
        }
        throw nothingMissing(now);
    }

    private static UserException nothingMissing(Transfer share) {
        return new UserException(
                ErrorCode.BAD_ARGUMENT,
                "nothing of '" + share.name() + "' is missing",
                "it is at " + share.place() + "; should it not be, say: bitween recheck '" + share.id() + "'");
    }

    /** @param lost what it is when nothing is found */
    private Transfer begin(Transfer share, TransferState lost, RelocateShare request) {
        InfoHash hash = share.hash();
        InfoDictionary info = hash == null ? null : sharing.storedInfo(hash).orElse(null);
        Bytes digests = hash == null ? null : store.digests(hash).orElse(null);
        if (hash == null || info == null || digests == null) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + share.name() + "' has no digests by which its files could be found",
                    "share it where it is now: bitween share PATH");
        }
        Search search = new Search(hash, info, digests, request.rename());
        sharing.takeBack(hash);
        Transfer verifying = transfers.put(share.with(TransferState.VERIFYING));
        var unused = hasher.search(info, request.directory())
                .thenCompose(found -> find(search, found, request.directory()))
                .whenCompleteAsync((whole, failure) -> onFound(share.with(lost), search, whole, failure), mailbox);
        return verifying;
    }

    private CompletableFuture<Whole> find(Search search, Candidates found, Path below) {
        return firstRight(search, found.whole().iterator())
                .thenCompose(whole ->
                        whole != null ? CompletableFuture.completedFuture(whole) : elsewhere(search, found, below));
    }

    private CompletableFuture<@Nullable Whole> firstRight(Search search, Iterator<Path> roots) {
        if (!roots.hasNext()) {
            return CompletableFuture.completedFuture(null);
        }
        Path root = roots.next();
        return hasher.look(search.info(), root, null)
                .thenCompose(look -> hasher.differing(search.info(), search.digests(), root, search.all(), bytes -> {})
                        .thenCompose(wrong -> wrong.isEmpty()
                                ? CompletableFuture.completedFuture(new Whole(root, look))
                                : firstRight(search, roots)));
    }

    /** Not all files stand under their names in one folder: looks into all that have the right size. */
    private CompletableFuture<Whole> elsewhere(Search search, Candidates found, Path below) {
        return hasher.digests(found.files())
                .thenComposeAsync(
                        digests -> {
                            Path root = found.best() == null || !search.info().folder()
                                    ? below.resolve(search.info().name())
                                    : found.best();
                            Map<Integer, Path> places =
                                    Rearrangement.match(search.info(), search.digests(), digests, root);
                            Rearrangement moves = new Rearrangement(search.info(), root, places);
                            moves.refuseUnlessAllAreThere(below, search.rename());
                            moves.carryOut();
                            return firstRight(search, List.of(root).iterator()).thenApply(whole -> {
                                if (whole == null) {
                                    throw new UserException(
                                            ErrorCode.CONTENT_CHANGED,
                                            "files below " + below + " changed meanwhile",
                                            "try again");
                                }
                                return whole;
                            });
                        },
                        disk);
    }

    private void onFound(Transfer before, Search search, @Nullable Whole whole, @Nullable Throwable failure) {
        if (sharing.isStopping()) {
            return; // the next start finds that it is missing still
        }
        sharing.step(before.id(), now -> {
            UserException why = whole == null ? Failures.explain(failure) : null;
            try {
                if (whole != null) {
                    share(now, search, whole);
                    return;
                }
            } catch (UserException e) {
                why = e;
            }
            if (why != null) {
                log.warn("{} is not found: {}", before.id(), why.sentence());
                transfers.end(now.with(before.state(), Failure.of(why, clock.instant())));
            }
        });
    }

    private void share(Transfer now, Search search, Whole whole) {
        Path place = scanner.permitted(whole.root());
        transfers.all().stream()
                .filter(other ->
                        other.kind() == Transfer.Kind.SHARE && !other.id().equals(now.id()))
                .filter(other -> other.place().equals(place))
                .findFirst()
                .ifPresent(other -> {
                    throw new UserException(
                            ErrorCode.ALREADY_SHARED,
                            place + " is shared already, as '" + other.name() + "'",
                            "nothing to do, or: bitween unshare '" + now.id() + "'");
                });
        store.saveStamps(search.hash(), whole.look().now().encoded());
        Transfer moved = transfers.put(now.named(now.name(), place));
        log.info("{} is at another place now, and offered again", now.id());
        sharing.seed(moved, search.hash());
    }
}
