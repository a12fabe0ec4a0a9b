package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.format.FileStamps;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import bitween.torrent.format.Scan;
import bitween.torrent.format.Settling;
import bitween.torrent.format.ShareScanner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what changed in a live share its next revision. Thread: {@code torrent}; the {@link Hasher}'s threads look and read.
 *
 * <p>A folder is scanned until it has come to rest ({@link Settling}), then hashed, as far as its files are not known. From the moment that a file which is offered is seen to be
 * another, nobody gets anything of that revision: nobody ever has some of one and some of the next. The number, the hash and what was before change in one transaction.
 * What cannot be shared changes nothing: the last revision is offered as long as its files are there.
 */
final class Revising {
    private static final Logger log = LogManager.getLogger(Revising.class);
    private static final Set<TransferState> REVISABLE =
            EnumSet.of(TransferState.SEEDING, TransferState.MISSING, TransferState.STALE, TransferState.HASHING);
    /** Looking takes a fifth of the time at most while something changes. */
    private static final int REST_BETWEEN = 4;

    /** Until what could not be stored is tried again. */
    private static final int STORE_AGAIN_SECONDS = 10;

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final Hasher hasher;
    private final ShareScanner scanner;
    private final Finisher finisher;
    private final Sharing sharing;
    private final Keeping keeping;
    private final Clock clock;
    private final Map<TransferId, Case> cases = new HashMap<>();
    private final Map<TransferId, RevisionPace> paces = new HashMap<>();
    /** Since the start. */
    private long second;

    /** A share that is being looked at, from the first word of a change until it rests. */
    private static final class Case {
        final InfoHash hash;
        final Path place;
        long dueSecond;
        /** Whether a change was told since the last look began: it may not have been seen. */
        boolean again;

        /** Written by the thread that looks, before it says what it saw. */
        @Nullable
        Settling settling;
        /** What runs for it; null while it waits. */
        @Nullable
        CompletableFuture<?> work;

        Case(InfoHash hash, Path place) {
            this.hash = hash;
            this.place = place;
        }
    }

    Revising(
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            Hasher hasher,
            ShareScanner scanner,
            Finisher finisher,
            Sharing sharing,
            Keeping keeping,
            Clock clock) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.hasher = hasher;
        this.scanner = scanner;
        this.finisher = finisher;
        this.sharing = sharing;
        this.keeping = keeping;
        this.clock = clock;
    }

    /** Something may have changed in it. Without effect while that is looked into already. */
    void begin(Transfer share) {
        InfoHash hash = share.hash();
        Case known = cases.get(share.id());
        if (known != null) {
            known.again = true;
            return;
        }
        if (hash == null || !share.isLive() || !REVISABLE.contains(share.state())) {
            return;
        }
        Case begun = new Case(hash, share.place());
        begun.dueSecond = pace(share.id()).restsUntil();
        cases.put(share.id(), begun);
        if (begun.dueSecond <= second) {
            look(share.id(), begun);
        }
    }

    private void close(TransferId id, Case open) {
        cases.remove(id, open);
        if (open.again) {
            transfers.find(id).ifPresent(this::begin);
        }
    }

    /** Whether a folder is being scanned or read now. */
    boolean isLooking() {
        return cases.values().stream().anyMatch(open -> open.work != null);
    }

    void onTick() {
        second++;
        Map.copyOf(cases).forEach((id, open) -> {
            if (open.work == null && open.dueSecond <= second) {
                look(id, open);
            }
        });
    }

    void stop() {
        cases.values().forEach(open -> {
            if (open.work != null) {
                open.work.cancel(true);
            }
        });
    }

    private RevisionPace pace(TransferId id) {
        return paces.computeIfAbsent(id, first -> new RevisionPace());
    }

    private void look(TransferId id, Case open) {
        Transfer share = valid(id, open);
        if (share == null) {
            return;
        }
        long begun = second;
        long begunNanos = System.nanoTime();
        open.again = false;
        CompletableFuture<Scan> scan = hasher.scan(scanner, open.place, share.name());
        open.work = scan;
        Optional<Integer> pieces = store.pieceLength(id);
        var unused = scan.thenApplyAsync(seen -> looked(open, seen.withPieces(pieces), begun), finisher.executor())
                .whenCompleteAsync((look, failure) -> onLooked(id, open, begunNanos, look, failure), mailbox);
    }

    /** Thread: one that may wait for the disk. */
    private Settling.Look looked(Case open, Scan scan, long begun) {
        Settling settling = open.settling;
        if (settling == null) {
            InfoDictionary info =
                    MetadataValidator.validate(store.metadata(open.hash).orElseThrow(Revising::gone), open.hash);
            settling = new Settling(
                    info,
                    store.digests(open.hash).orElseThrow(Revising::gone),
                    store.stamps(open.hash)
                            .flatMap(stamps ->
                                    FileStamps.parse(stamps, info.files().size()))
                            .orElseThrow(Revising::gone));
            open.settling = settling;
        }
        return settling.look(scan, begun);
    }

    private static UserException gone() {
        return new UserException(
                ErrorCode.BAD_METADATA,
                "what is known of the last revision is gone",
                "unshare it, and share it again with --live");
    }

    /** @return null: it was removed, moved or replaced meanwhile, and is let go */
    private @Nullable Transfer valid(TransferId id, Case open) {
        Transfer now = transfers.find(id).orElse(null);
        if (cases.get(id) == open
                && now != null
                && open.hash.equals(now.hash())
                && open.place.equals(now.place())
                && now.isLive()
                && REVISABLE.contains(now.state())) {
            return now;
        }
        cases.remove(id, open);
        return null;
    }

    private void onLooked(
            TransferId id, Case open, long begunNanos, Settling.@Nullable Look look, @Nullable Throwable failure) {
        open.work = null;
        Transfer share = valid(id, open);
        if (share == null || sharing.isStopping()) {
            return;
        }
        long costNanos = System.nanoTime() - begunNanos;
        open.dueSecond = second + Math.max(1, TimeUnit.NANOSECONDS.toSeconds(REST_BETWEEN * costNanos));
        pace(id).rest(second, Duration.ofNanos(costNanos));
        sharing.step(id, now -> {
            if (look == null) {
                refuse(now, open, Failures.explain(failure));
            } else {
                judge(now, open, look);
            }
        });
    }

    private void judge(Transfer share, Case open, Settling.Look look) {
        if (!look.isWhole()) {
            sharing.takeBack(open.hash);
            if (share.state() == TransferState.SEEDING) {
                transfers.put(share.with(TransferState.HASHING));
            }
        }
        Scan settled = look.settled();
        if (settled == null) {
            return;
        }
        if (look.isSame()) {
            if (look.isComplete()) {
                end(share, open);
            } else if (share.state() != TransferState.SEEDING) {
                sharing.seed(share, open.hash);
            }
        } else if (isEmptied(open, settled)) {
            if (look.isComplete()) {
                withdraw(share, open, TransferState.MISSING, emptied(share));
                close(share.id(), open);
            }
        } else if (!pace(share.id()).allows(second)) {
            open.dueSecond = Math.max(open.dueSecond, pace(share.id()).nextSecond());
        } else {
            hash(share.id(), open, settled);
        }
    }

    /** It is as it is offered, or is again. */
    private void end(Transfer share, Case open) {
        if (share.state() != TransferState.SEEDING || share.failure() != null) {
            log.info("{} is as it was, and offered again", share.id());
            sharing.seed(share, open.hash);
        }
        close(share.id(), open);
    }

    private static boolean isEmptied(Case open, Scan settled) {
        return settled.files().isEmpty()
                && open.settling != null
                && !open.settling.offered().files().isEmpty();
    }

    private void hash(TransferId id, Case open, Scan settled) {
        Settling settling = open.settling;
        if (settling == null) {
            throw new IllegalStateException("nobody has looked at " + id);
        }
        CompletableFuture<HashedShare> hashed = new CompletableFuture<>();
        open.work = hashed;
        var unused = CompletableFuture.supplyAsync(() -> settling.known(settled), finisher.executor())
                .thenCompose(known -> endsWith(hashed, hasher.hash(settled, known, done -> {})))
                .whenCompleteAsync((share, failure) -> onHashed(id, open, share, failure), mailbox);
    }

    private static <T> CompletableFuture<T> endsWith(CompletableFuture<?> work, CompletableFuture<T> reading) {
        var unused = work.whenComplete((none, failure) -> reading.cancel(true));
        return reading;
    }

    private void onHashed(TransferId id, Case open, @Nullable HashedShare hashed, @Nullable Throwable failure) {
        open.work = null;
        Transfer share = valid(id, open);
        if (share == null || sharing.isStopping()) {
            return;
        }
        open.dueSecond = second + 1;
        sharing.step(id, now -> {
            if (hashed != null) {
                keep(now, open, hashed);
                return;
            }
            UserException why = Failures.explain(failure);
            if (why.code() != ErrorCode.CONTENT_CHANGED) { // else it has not come to rest
                refuse(now, open, why);
            }
        });
    }

    private void keep(Transfer share, Case open, HashedShare hashed) {
        try {
            if (open.settling != null && Settling.isSameContent(open.settling.offered(), hashed.info())) {
                store.saveStamps(open.hash, hashed.stamps().encoded()); // it was touched, no more
                end(share, open);
            } else {
                revise(share, open, hashed);
            }
        } catch (UserException e) {
            if (store.trouble() == null) {
                throw e;
            }
            log.warn("{} has no next revision yet: {}", share.id(), e.sentence());
            open.dueSecond = second + STORE_AGAIN_SECONDS;
        }
    }

    private void revise(Transfer share, Case open, HashedShare hashed) {
        InfoDictionary info = hashed.info();
        InfoHash hash = info.hash();
        Share last = share.share();
        if (last == null) {
            throw new IllegalStateException("there is no revision before: " + share);
        }
        Share next = new Share(
                        info.name(),
                        hash,
                        info.contentId(),
                        info.totalBytes(),
                        info.files().size(),
                        last.reshare(),
                        Math.addExact(last.revision(), 1))
                .keeping(keeping.former(share.id(), hash));
        sharing.takeBack(open.hash);
        Transfer revised = share.with(next).with(TransferState.HASHING);
        if (!transfers.revise(revised, open.hash, hashed, clock.instant())) {
            cases.remove(share.id());
            return;
        }
        sharing.unlink(open.hash);
        pace(share.id()).revised(second);
        cases.remove(share.id());
        log.info("{} is revision {} now, {}: {} files", share.id(), next.revision(), hash, next.files());
        sharing.seed(revised, hash);
    }

    /** It cannot be shared as it is. */
    private void refuse(Transfer share, Case open, UserException why) {
        if (why.code() == ErrorCode.PATH_MISSING) {
            withdraw(
                    share,
                    open,
                    TransferState.MISSING,
                    new UserException(
                            why.code(),
                            "there is nothing at " + share.place() + " any more",
                            "bring it back, or mount its disk, and it goes on by itself; or say where it is now: bitween relocate '"
                                    + share.id() + "' DIR"));
            close(share.id(), open);
            return;
        }
        CompletableFuture<Boolean> whole = CompletableFuture.supplyAsync(() -> isThere(open), finisher.executor());
        open.work = whole;
        var unused =
                whole.whenCompleteAsync((there, failure) -> onRefused(share.id(), open, why, there, failure), mailbox);
    }

    /** Whether the last revision is still there. Thread: one that may wait for the disk. */
    private boolean isThere(Case open) {
        InfoDictionary info =
                MetadataValidator.validate(store.metadata(open.hash).orElseThrow(Revising::gone), open.hash);
        FileStamps known = store.stamps(open.hash)
                .flatMap(stamps -> FileStamps.parse(stamps, info.files().size()))
                .orElse(null);
        return known != null && finisher.look(info, open.place, known).join().isAsHashed();
    }

    private void onRefused(
            TransferId id, Case open, UserException why, @Nullable Boolean there, @Nullable Throwable failure) {
        open.work = null;
        Transfer share = valid(id, open);
        if (share == null || sharing.isStopping()) {
            return;
        }
        if (failure != null) {
            log.debug("{}: the last revision cannot be looked at", id, failure);
        }
        if (there == null || !there) {
            withdraw(share, open, TransferState.STALE, why);
            close(id, open);
            return;
        }
        sharing.step(id, now -> {
            boolean held = sharing.holds(open.hash);
            say(now, held ? TransferState.SEEDING : TransferState.HASHING, why);
            if (!held) {
                sharing.start(transfers.get(id), open.hash, TorrentEngine.Torrent.Start.COMPLETE);
            }
        });
        close(id, open);
    }

    private void withdraw(Transfer share, Case open, TransferState state, UserException why) {
        sharing.takeBack(open.hash);
        say(share, state, why);
    }

    /** Once. */
    private void say(Transfer share, TransferState state, UserException why) {
        Failure known = share.failure();
        boolean same = share.state() == state && known != null && known.reason().equals(why.sentence());
        if (!same) {
            log.warn("{} has no next revision, and is {}: {}", share.id(), state, why.sentence());
            transfers.end(share.with(state, Failure.of(why, clock.instant())));
        }
    }

    private static UserException emptied(Transfer share) {
        return new UserException(
                ErrorCode.PATH_MISSING,
                "nothing is left in " + share.place(),
                "mount its disk, or put something there, and it goes on by itself; if that is how it is to be: bitween unshare '"
                        + share.id() + "'");
    }
}
