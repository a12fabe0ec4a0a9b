package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.MoveStore;
import bitween.store.StoredMove;
import bitween.store.TorrentStore;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.CopiedTree;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.ShareScanner;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Moves shares and jobs to other folders. Thread: {@code torrent}; {@code disk} renames and removes, the {@link Hasher}'s threads copy and compare.
 *
 * <p>What is to happen is stored first. Within a file system it is one rename. To another one all is copied into a hidden folder beside its goal, written out, compared with the
 * digests, and renamed; then the transfer counts there, and only then the original is removed, file by file, where the copy looks like it. Whatever interrupts that, one of
 * the two is whole, and the next start goes on. A share is offered all the time but for a moment; a job that is not complete rests.
 */
final class Moving {
    private static final Logger log = LogManager.getLogger(Moving.class);

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final MoveStore moves;
    private final Hasher hasher;
    private final ShareScanner scanner;
    private final Executor disk;
    private final Sharing sharing;
    private final Fetching fetching;
    private final Figures figures;
    private final Clock clock;
    private final Map<TransferId, Move> running = new HashMap<>();

    Moving(
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            MoveStore moves,
            Hasher hasher,
            ShareScanner scanner,
            Executor disk,
            Sharing sharing,
            Fetching fetching,
            Figures figures,
            Clock clock) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.moves = moves;
        this.hasher = hasher;
        this.scanner = scanner;
        this.disk = disk;
        this.sharing = sharing;
        this.fetching = fetching;
        this.figures = figures;
        this.clock = clock;
    }

    /** One that is under way. Its bytes are counted by the threads that copy. */
    private static final class Move {
        private final TransferId id;
        private final Path origin;
        private final Path goal;
        private final boolean growing;
        private final @Nullable Chosen chosen;
        private final @Nullable Bytes digests;
        private final CompletableFuture<Boolean> copying = new CompletableFuture<>();
        private volatile long doneBytes;

        /** @param chosen null for what is not compared */
        private Move(Transfer transfer, Path origin, Path goal, @Nullable Chosen chosen, @Nullable Bytes digests) {
            id = transfer.id();
            this.origin = origin;
            this.goal = goal;
            this.chosen = chosen;
            this.digests = digests;
            growing = isGrowing(transfer);
        }

        /** The hidden folder in which a copy is made. */
        private Path beside() {
            return Places.parentOf(goal).resolve(".bitween-move-" + id.value());
        }

        private Path copy() {
            return beside().resolve(Objects.requireNonNull(goal.getFileName()).toString());
        }
    }

    private static boolean isGrowing(Transfer transfer) {
        return transfer.kind() == Transfer.Kind.JOB && transfer.finished() == null;
    }

    /** @throws UserException PATH_REFUSED, DISK_WRITE, BUSY or BAD_ARGUMENT; nothing is changed then */
    Transfer move(Transfer transfer, Path directory) {
        boolean still = transfer.state() == TransferState.SEEDING || transfer.state() == TransferState.COMPLETE;
        Selection selection = transfer.selection();
        if (!still && selection != null && selection.isBegun()) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "some of '" + transfer.name() + "' is in place, and some is still to come",
                    "move it when it is complete");
        }
        if (!still && !fetching.isUnderWay(transfer)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + transfer.name() + "' cannot be moved while it is " + transfer.state(),
                    "see bitween info '" + transfer.id() + "'");
        }
        Failure failure = transfer.failure();
        if (!still && failure != null && failure.code() == ErrorCode.PATH_MISSING) {
            throw new UserException(
                    ErrorCode.PATH_MISSING,
                    "what is here of '" + transfer.name() + "' cannot be reached: " + failure.reason(),
                    "bring that back, then move it");
        }
        Path place = directory.resolve(
                Objects.requireNonNull(transfer.place().getFileName()).toString());
        Places.makeWritable(directory);
        refuse(transfer, place);
        InfoHash hash = Objects.requireNonNull(transfer.hash(), "what is moved was hashed");
        Path origin = transfer.place();
        Path goal = place;
        if (isGrowing(transfer)) {
            origin = Places.staging(Places.parentOf(transfer.place()), hash);
            goal = Places.staging(directory, hash);
            refuse(transfer, goal);
        }
        moves.begin(transfer.id(), origin, goal);
        Transfer moving = transfers.put(
                failure != null && transfer.isPausedByUser()
                        ? transfer.with(
                                TransferState.MOVING, failure) // so that it rests again afterwards, also after a crash
                        : transfer.with(TransferState.MOVING));
        Move move = begun(transfer, origin, goal);
        log.info("{} moves to another folder", move.id);
        if (move.growing) {
            fetching.release(transfer, () -> run(move, false));
        } else {
            run(move, false);
        }
        return moving;
    }

    private void refuse(Transfer transfer, Path goal) {
        if (Files.exists(goal, LinkOption.NOFOLLOW_LINKS)) {
            throw new UserException(
                    ErrorCode.PATH_REFUSED, "there is something at " + goal + " already", "choose another folder");
        }
        if (goal.startsWith(transfer.place())) {
            throw new UserException(
                    ErrorCode.PATH_REFUSED, transfer.place() + " cannot be moved into itself", "choose another folder");
        }
        if (transfer.kind() == Transfer.Kind.SHARE) {
            scanner.refuseDangerous(goal);
        }
    }

    /** At start: goes on with what was interrupted. */
    void load(Transfer transfer, StoredMove stored) {
        Move move = begun(transfer, stored.origin(), stored.goal());
        if (stored.switched()) {
            running.remove(move.id);
            tidy(move);
            goOn(transfer);
            return;
        }
        if (transfer.kind() == Transfer.Kind.SHARE && Files.exists(transfer.place())) {
            sharing.start(transfer, Objects.requireNonNull(transfer.hash()), TorrentEngine.Torrent.Start.COMPLETE);
        }
        run(move, true);
    }

    /** It is removed: nothing is moved any more. */
    void forget(TransferId id) {
        Move move = running.get(id);
        if (move != null) {
            move.copying.cancel(false);
        }
    }

    /** Once a second. */
    void onTick() {
        running.values()
                .forEach(move -> transfers
                        .find(move.id)
                        .filter(transfer -> transfer.share() != null)
                        .ifPresent(transfer -> figures.put(move.id, move.doneBytes, transfer.wantedBytes())));
    }

    void stop() {
        running.values().forEach(move -> move.copying.cancel(false));
    }

    private Move begun(Transfer transfer, Path origin, Path goal) {
        InfoHash hash = Objects.requireNonNull(transfer.hash(), "what is moved was hashed");
        boolean compared = !isGrowing(transfer);
        Move move = new Move(
                transfer,
                origin,
                goal,
                compared
                        ? sharing.storedInfo(hash)
                                .map(info -> Choosing.wanted(transfer, info))
                                .orElse(null)
                        : null,
                compared ? store.digests(hash).orElse(null) : null);
        running.put(move.id, move);
        return move;
    }

    private void run(Move move, boolean again) {
        var unused = CompletableFuture.supplyAsync(() -> isAtGoal(move, again), disk)
                .thenCompose(there -> there ? proved(move, move.goal) : copied(move))
                .whenCompleteAsync((look, failure) -> onMoved(move, look, failure), mailbox);
    }

    /** One rename where that is enough; also finds what an earlier run had brought there. */
    private static boolean isAtGoal(Move move, boolean again) {
        if (!Files.exists(move.origin, LinkOption.NOFOLLOW_LINKS)) {
            boolean nothing = move.growing && !Files.exists(move.goal, LinkOption.NOFOLLOW_LINKS);
            if (!nothing && !(again && Files.exists(move.goal, LinkOption.NOFOLLOW_LINKS))) {
                throw new UserException(
                        ErrorCode.PATH_MISSING, "there is nothing at " + move.origin, "bring it back, then try again");
            }
            return true;
        }
        if (Files.exists(move.goal, LinkOption.NOFOLLOW_LINKS)) {
            if (again && CopiedTree.isWhole(move.origin, move.goal)) {
                return true;
            }
            throw new UserException(
                    ErrorCode.PATH_REFUSED, "there is something at " + move.goal + " already", "choose another folder");
        }
        return isRenamed(move.origin, move.goal);
    }

    private static boolean isRenamed(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            Flusher.flushFolder(Places.parentOf(to));
            Flusher.flushFolder(Places.parentOf(from));
            return true;
        } catch (AtomicMoveNotSupportedException e) {
            log.debug("{} is on another file system", to);
            return false;
        } catch (IOException e) {
            throw Places.cannotWrite(to, e);
        }
    }

    private CompletableFuture<FilesLook> copied(Move move) {
        Path copy = move.copy();
        return CompletableFuture.runAsync(() -> createBeside(move), disk)
                .thenCompose(made -> hasher.copy(move.origin, copy, move.copying, bytes -> move.doneBytes = bytes))
                .thenCompose(done -> proved(move, copy))
                .thenApplyAsync(
                        look -> {
                            if (!CopiedTree.isWhole(move.origin, copy)) {
                                throw new UserException(
                                        ErrorCode.CONTENT_CHANGED,
                                        "something was changed at " + move.origin + " meanwhile",
                                        "try again when nothing writes to it");
                            }
                            CopiedTree.flushFolders(copy, Flusher::flushFolder);
                            if (Files.exists(move.goal, LinkOption.NOFOLLOW_LINKS)) {
                                throw new UserException(
                                        ErrorCode.PATH_REFUSED,
                                        "something came to " + move.goal + " meanwhile",
                                        "choose another folder");
                            }
                            Places.move(copy, move.goal);
                            Flusher.flushFolder(Places.parentOf(move.goal));
                            Places.deleteTree(move.beside());
                            return look;
                        },
                        disk);
    }

    private static void createBeside(Move move) {
        try {
            Files.createDirectories(move.beside());
        } catch (IOException e) {
            throw Places.cannotWrite(move.beside(), e);
        }
    }

    /** Compares what is at {@code root} with the digests; what still grows is looked at by the engine, afterwards. */
    private CompletableFuture<FilesLook> proved(Move move, Path root) {
        Chosen chosen = move.chosen;
        Bytes digests = move.digests;
        if (chosen == null) {
            return CompletableFuture.completedFuture(FilesLook.ofNothing());
        }
        InfoDictionary info = chosen.info();
        return hasher.look(info, root, null)
                .thenCompose(look -> digests == null
                        ? CompletableFuture.completedFuture(look)
                        : hasher.differing(info, digests, root, chosen.numbers(), bytes -> {})
                                .thenApply(wrong -> {
                                    if (!wrong.isEmpty()) {
                                        throw new UserException(
                                                ErrorCode.CONTENT_CHANGED,
                                                wrong.cardinality() + " files at " + root + " are not what was hashed",
                                                "see: bitween recheck '" + move.id + "'");
                                    }
                                    return look;
                                }));
    }

    private void onMoved(Move move, @Nullable FilesLook look, @Nullable Throwable failure) {
        running.remove(move.id);
        if (sharing.isStopping()) {
            return; // the next start goes on
        }
        Transfer now = transfers
                .find(move.id)
                .filter(transfer -> transfer.state() == TransferState.MOVING)
                .orElse(null);
        UserException why = look == null ? Failures.explain(failure) : null;
        if (now != null && look != null) {
            try {
                switchTo(now, move, look);
                return;
            } catch (UserException e) {
                why = e;
            }
        }
        disk.execute(() -> Places.deleteTree(move.beside()));
        if (now != null) {
            moves.end(move.id);
            giveUp(now, move, Objects.requireNonNull(why));
        }
    }

    private void switchTo(Transfer transfer, Move move, FilesLook look) {
        InfoHash hash = Objects.requireNonNull(transfer.hash());
        if (move.growing) {
            Path place = Places.parentOf(move.goal)
                    .resolve(Objects.requireNonNull(transfer.place().getFileName())
                            .toString());
            Path staging = store.all().stream()
                    .filter(row -> row.transfer().id().equals(move.id))
                    .map(row -> row.staging())
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(staged -> move.goal.resolve(staged.getFileName()))
                    .orElse(null);
            Transfer moved = unmoved(transfer.named(transfer.name(), place));
            transfers.switchTo(moves, moved, staging);
            tidy(move);
            goOn(moved);
            return;
        }
        Transfer moved = transfer.named(transfer.name(), move.goal);
        if (transfer.kind() == Transfer.Kind.JOB) {
            transfers.switchTo(moves, moved.with(TransferState.COMPLETE), null);
        } else {
            sharing.takeBack(hash);
            store.saveStamps(hash, look.now().encoded());
            Transfer looked = moved.with(TransferState.VERIFYING);
            transfers.switchTo(moves, looked, null);
            sharing.seed(looked, hash);
        }
        log.info("{} is in its new folder", move.id);
        tidy(move);
    }

    /** Removes what is left where it was. */
    private void tidy(Move move) {
        disk.execute(() -> {
            try {
                int left = CopiedTree.remove(move.origin, move.goal);
                if (left > 0) {
                    log.warn("{} is moved, but what came to {} meanwhile stays there", move.id, move.origin);
                }
                moves.end(move.id);
            } catch (UserException e) {
                log.warn("{} is moved, but something stays where it was: {}", move.id, e.sentence());
            }
        });
    }

    /** All is as it was, and it is said why. */
    private void giveUp(Transfer transfer, Move move, UserException why) {
        log.warn("{} stays where it was: {}", move.id, why.sentence());
        Failure failure = Failure.of(why, clock.instant());
        InfoHash hash = Objects.requireNonNull(transfer.hash());
        if (move.growing) {
            goOn(transfers.put(unmoved(transfer)));
        } else if (transfer.kind() == Transfer.Kind.JOB) {
            transfers.end(transfer.with(TransferState.COMPLETE, failure));
        } else if (sharing.holds(hash)) {
            transfers.end(transfer.with(TransferState.SEEDING, failure));
        } else {
            transfers.end(transfer.failed(failure));
        }
    }

    /** As a job was before: at rest, if its user has said so. */
    private static Transfer unmoved(Transfer job) {
        Failure rests = job.failure();
        return rests == null ? job.with(TransferState.WAITING_FOR_FRIEND) : job.paused(rests);
    }

    private void goOn(Transfer transfer) {
        if (isGrowing(transfer)) {
            if (!transfer.isPausedByUser()) {
                fetching.goOn(transfer);
            }
        } else if (transfer.kind() == Transfer.Kind.SHARE) {
            sharing.load(transfers.put(transfer.with(TransferState.VERIFYING)));
        }
    }
}
