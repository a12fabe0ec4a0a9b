package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.Removal;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.DiskErrors;
import bitween.torrent.format.EarlyDigests;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.FileStamps;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The last steps of a job: comparing with the owner's digests, moving into place, deleting. Thread: {@code disk} moves and deletes, one job after the other; the
 * {@link Hasher} reads on its own.
 */
final class Finisher {
    private static final Logger log = LogManager.getLogger(Finisher.class);
    private final Executor thread;
    private final Hasher hasher;
    private final Places places;
    /** Whose files a disk failed to write. */
    private final Set<TransferId> distrusted = ConcurrentHashMap.newKeySet();

    /** How many bytes of what is being verified are. */
    private final Map<TransferId, Long> verified = new ConcurrentHashMap<>();

    Finisher(Executor thread, Hasher hasher, Places places) {
        this.thread = thread;
        this.hasher = hasher;
        this.places = places;
    }

    /** How many bytes of each transfer that is being verified are. Any thread. */
    Map<TransferId, Long> verified() {
        return Map.copyOf(verified);
    }

    Executor executor() {
        return thread;
    }

    /** Reads what grows at {@code staged} while it comes, so that {@link #finish} has less to read. */
    EarlyDigests readEarly(InfoDictionary info, Path staged) {
        return hasher.readEarly(info, staged);
    }

    /**
     * Completes staged content with what BitTorrent does not carry (empty files and folders), verifies it, and gives it its final name. What stands there
     * already is completed, if {@code mayJoin} and nothing of it is lost by that; else it stays, and the name gets a number.
     *
     * @param mayJoin whether what stands there is no other transfer's
     * @param digests empty: the pieces are proof enough
     * @param early what was read of the files while they came; null when nothing was
     * @return the final path; fails with CONTENT_CHANGED when a file does not fit its digest
     */
    CompletableFuture<Path> finish(
            Transfer transfer,
            Chosen chosen,
            Path staged,
            boolean mayJoin,
            Optional<Bytes> digests,
            @Nullable EarlyDigests early) {
        return CompletableFuture.runAsync(() -> createEmpty(chosen, staged), thread)
                .thenCompose(made -> digests.isPresent()
                        ? verify(transfer.id(), chosen, staged, digests.get(), early)
                        : CompletableFuture.completedFuture(true))
                .thenApplyAsync(right -> settle(transfer, chosen, staged, mayJoin), thread);
    }

    /** As {@link #finish}, but what is complete, right and on the disk stays where it grew. */
    CompletableFuture<Boolean> prove(
            TransferId id, Chosen chosen, Path staged, Bytes digests, @Nullable EarlyDigests early) {
        return CompletableFuture.runAsync(() -> createEmpty(chosen, staged), thread)
                .thenCompose(made -> verify(id, chosen, staged, digests, early))
                .thenApplyAsync(
                        right -> {
                            flushOnce(id, chosen, staged);
                            return right;
                        },
                        thread);
    }

    /** What came of it may not be on the disk, however the next flush goes: it is written again before. */
    void distrust(TransferId id) {
        distrusted.add(id);
    }

    /** A disk that failed to write tells it once; what it did not write then is in memory alone, and the next flush leaves it there. */
    private void flushOnce(TransferId id, Chosen chosen, Path staged) {
        if (!distrusted.contains(id)) {
            try {
                flush(chosen, staged);
                return;
            } catch (UserException e) {
                distrusted.add(id);
                log.warn("{} is written once more: {}", id, e.sentence());
            }
        }
        Flusher.writeAgain(pathsOf(chosen, staged));
        flush(chosen, staged);
        distrusted.remove(id);
    }

    /** What is told to be complete is on the disk, under the name that is told. */
    private Path settle(Transfer transfer, Chosen chosen, Path staged, boolean mayJoin) {
        flushOnce(transfer.id(), chosen, staged);
        Path goal = transfer.place();
        Selection selection = transfer.selection();
        boolean begun = selection != null && selection.isBegun();
        boolean mends = selection != null && transfer.finished() != null;
        Optional<Existing> existing = begun && Files.isDirectory(goal, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(Existing.in(goal, chosen))
                : mayJoin ? Existing.at(goal, chosen) : Optional.empty();
        Path place;
        if (existing.isPresent() && (mends || existing.get().isBeginningOf(staged))) {
            place = join(existing.get(), chosen, staged);
        } else if (begun && existing.isPresent()) {
            throw new UserException(
                    ErrorCode.DISK_WRITE,
                    "in " + goal + " stands something else where a file is to go",
                    "move it elsewhere, and it goes on by itself");
        } else {
            prune(chosen, staged);
            place = Places.moveInPlace(staged, goal);
        }
        Flusher.flushFolder(Places.parentOf(place));
        return place;
    }

    private static Path join(Existing existing, Chosen chosen, Path staged) {
        Path place = existing.completeFrom(staged);
        flush(chosen, place); // the names that its folders have now
        Places.clear(staged);
        return place;
    }

    /** What came of other files, because they share a piece with those that are wanted, goes. */
    private static void prune(Chosen chosen, Path staged) {
        BitSet others = Chosen.all(chosen.info()).without(chosen.numbers()).numbers();
        if (!others.isEmpty()) {
            deleteFiles(Chosen.of(chosen.info(), others, List.of()), staged);
        }
    }

    private static void flush(Chosen chosen, Path root) {
        Flusher.flush(pathsOf(chosen, root));
    }

    private static List<Path> pathsOf(Chosen chosen, Path root) {
        return chosen.files().stream()
                .map(file -> pathOf(chosen.info(), root, file))
                .toList();
    }

    /**
     * Looks whether all that was wanted stands already where it was to go, every byte of it.
     *
     * @return whether it does: then it is on the disk, with what BitTorrent does not carry
     */
    CompletableFuture<Boolean> isHere(TransferId id, Chosen chosen, Path place, Bytes digests) {
        return verify(id, chosen, place, digests)
                .thenApplyAsync(
                        right -> {
                            createEmpty(chosen, place);
                            flush(chosen, place);
                            return true;
                        },
                        thread)
                .exceptionally(failure -> {
                    log.info(
                            "{} is not what is wanted, but may hold some of it: {}",
                            place,
                            Failures.explain(failure).sentence());
                    return false;
                });
    }

    /** Tells how far a copy is, in {@link #verified}; null: it is at its end. */
    void copied(TransferId id, @Nullable Long bytes) {
        if (bytes == null) {
            verified.remove(id);
        } else {
            verified.put(id, bytes);
        }
    }

    /** @return true; fails with CONTENT_CHANGED when a file does not fit its digest */
    CompletableFuture<Boolean> verify(TransferId id, Chosen chosen, Path root, Bytes digests) {
        return verify(id, chosen, root, digests, null);
    }

    private CompletableFuture<Boolean> verify(
            TransferId id, Chosen chosen, Path root, Bytes digests, @Nullable EarlyDigests early) {
        return hasher.verify(chosen, digests, root, early, bytes -> verified.put(id, bytes))
                .whenComplete((wrong, failure) -> verified.remove(id))
                .thenApply(wrong -> {
                    if (!wrong.isEmpty()) {
                        throw changed(chosen, wrong);
                    }
                    return true;
                });
    }

    /** @return the numbers of those among {@code which} that do not fit their digest */
    CompletableFuture<BitSet> differing(TransferId id, InfoDictionary info, Path root, Bytes digests, BitSet which) {
        return hasher.differing(info, digests, root, which, bytes -> verified.put(id, bytes))
                .whenComplete((wrong, failure) -> verified.remove(id));
    }

    /** How the files look, beside how they were. */
    CompletableFuture<FilesLook> look(InfoDictionary info, Path root, @Nullable FileStamps known) {
        return hasher.look(info, root, known);
    }

    /** What grew of a job that is removed grows on as another's. Completed when it is done, well or not: then that one begins with nothing. */
    CompletableFuture<Void> handOver(Removal removal, @Nullable InfoHash heir) {
        if (heir == null) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(
                () -> {
                    Path from = Places.staging(Places.parentOf(removal.place()), removal.hash());
                    Path to = Places.staging(Places.parentOf(removal.place()), heir);
                    try {
                        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)
                                && !Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                            Places.move(from, to);
                        }
                    } catch (UserException e) {
                        log.info("{} begins anew: {}", heir, e.sentence());
                    }
                },
                thread);
    }

    /**
     * Deletes what a removed job leaves: its link, its staging folder, and, when asked for, the files that it finished, no others. What had been finished
     * and was being repaired goes back into place first, with whatever else its owner has put there.
     *
     * @param info null when it cannot be read: then finished files stay
     * @return fails when something of it stays, which is in the log too
     */
    CompletableFuture<Void> clean(Removal removal, @Nullable InfoDictionary info) {
        InfoHash hash = removal.hash();
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        places.unlink(hash);
                        Path staging = Places.staging(Places.parentOf(removal.place()), hash);
                        if (removal.shareName() != null) {
                            Path staged = staging.resolve(removal.shareName());
                            Bytes here = removal.here();
                            Path place = here == null && Files.exists(staged, LinkOption.NOFOLLOW_LINKS)
                                    ? Places.moveInPlace(staged, removal.place())
                                    : removal.place();
                            if (removal.withFiles() && info != null) {
                                deleteFiles(here == null ? Chosen.all(info) : Chosen.numbered(info, here), place);
                            }
                        }
                        Places.deleteTree(staging);
                    } catch (UserException e) {
                        log.error("{} is removed, but its files are not all deleted: {}", hash, e.sentence());
                        throw e;
                    }
                },
                thread);
    }

    /** What has come of a job, and is not right. */
    static final String NOT_AS_HASHED = "are not what their owner hashed";

    private static UserException changed(Chosen chosen, List<FileEntry> wrong) {
        return new UserException(
                ErrorCode.CONTENT_CHANGED,
                wrong.size() + " of " + chosen.files().size() + " files " + NOT_AS_HASHED + ", first '"
                        + String.join("/", wrong.get(0).path()) + "'",
                "ask the owner to share it again, or try: bitween recheck NAME");
    }

    private static void createEmpty(Chosen chosen, Path staged) {
        if (!Files.isDirectory(Places.parentOf(staged))) {
            throw FolderMarks.gone(Places.parentOf(staged)); // its disk is: nothing is made where that was mounted
        }
        try {
            for (FileEntry file : chosen.files()) {
                Path path = pathOf(chosen.info(), staged, file);
                if (file.sizeBytes() == 0 && !Files.exists(path)) {
                    Files.createDirectories(Places.parentOf(path));
                    Files.createFile(path);
                }
            }
            for (List<String> folder : chosen.emptyFolders()) {
                Files.createDirectories(resolve(staged, folder));
            }
        } catch (IOException e) {
            throw DiskErrors.writing(staged, e);
        }
    }

    private static void deleteFiles(Chosen chosen, Path place) {
        InfoDictionary info = chosen.info();
        try {
            List<Path> folders = new ArrayList<>();
            Map<Path, Boolean> behindLinks = new HashMap<>();
            for (FileEntry file : chosen.files()) {
                Path path = pathOf(info, place, file);
                if (info.folder()) {
                    if (behindLinks.computeIfAbsent(Places.parentOf(path), above -> isBehindLink(place, above))) {
                        continue; // somebody has put the files elsewhere, and a link in their place
                    }
                    addFoldersUpTo(place, path, folders);
                }
                Files.deleteIfExists(path);
            }
            chosen.emptyFolders()
                    .forEach(folder ->
                            addFoldersUpTo(place, resolve(place, folder).resolve("x"), folders));
            if (info.folder()) {
                folders.add(place);
            }
            List<Path> deepestFirst = folders.stream()
                    .distinct()
                    .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                    .toList();
            for (Path folder : deepestFirst) {
                if (!isBehindLink(place, folder)) {
                    deleteIfEmpty(folder);
                }
            }
        } catch (IOException e) {
            throw DiskErrors.writing(place, e);
        }
    }

    private static boolean isBehindLink(Path root, Path folder) {
        return Files.isSymbolicLink(folder) || (!folder.equals(root) && isBehindLink(root, Places.parentOf(folder)));
    }

    private static void addFoldersUpTo(Path root, Path path, List<Path> folders) {
        Stream.iterate(Places.parentOf(path), folder -> !folder.equals(root), Places::parentOf)
                .forEach(folders::add);
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            log.debug("{} stays: it holds something else, too", folder);
        }
    }

    /** Whether all files are there with their sizes, whatever is in them. */
    static boolean isThere(Chosen chosen, Path place) {
        return chosen.files().stream().allMatch(file -> hasSize(pathOf(chosen.info(), place, file), file.sizeBytes()));
    }

    private static boolean hasSize(Path path, long sizeBytes) {
        try {
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == sizeBytes;
        } catch (IOException e) {
            log.debug("{} cannot be looked at: {}", path, e.getMessage());
            return false;
        }
    }

    static Path pathOf(InfoDictionary info, Path root, FileEntry file) {
        return info.folder() ? resolve(root, file.path()) : root;
    }

    static Path resolve(Path root, List<String> path) {
        Path resolved = root;
        for (String element : path) {
            resolved = resolved.resolve(element);
        }
        return resolved;
    }
}
