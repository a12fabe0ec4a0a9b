package bitween.torrent.format;

import bitween.model.Bytes;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is shared or was downloaded, on threads of its own. Callable from any thread; nothing here blocks but
 * {@link #close()}. Jobs take turns, so a short one does not wait for a long one to end. A job is stopped by cancelling
 * its future: within a quarter of a MiB, whatever it reads.
 */
public final class Hasher implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Hasher.class);

    private final HashThreads threads = new HashThreads();
    private final Supplier<Bytes> salts;

    public Hasher() {
        this(randomSalts());
    }

    /** @param salts gives 16 bytes for each share; for tests */
    Hasher(Supplier<Bytes> salts) {
        this.salts = salts;
    }

    /** {@link ShareScanner#scan} on a thread that may wait for the disk. */
    public CompletableFuture<Scan> scan(ShareScanner scanner, Path path, @Nullable String name) {
        return onThread(job -> scanner.scan(path, name, job::isDone));
    }

    /** Where below {@code directory} the files of a share may be; fails with PATH_MISSING or BAD_ARGUMENT. */
    public CompletableFuture<Candidates> search(InfoDictionary info, Path directory) {
        return onThread(job -> FileSearch.below(directory, info, job::isDone));
    }

    /**
     * Copies a file or folder, onto the disk; goes on where an earlier one was interrupted. The copy is not compared.
     *
     * @param job cancelled, it ends within a moment
     * @param progress gets how many bytes are done
     * @return fails with DISK_FULL, DISK_WRITE or PATH_REFUSED
     */
    public CompletableFuture<Boolean> copy(Path from, Path to, CompletableFuture<Boolean> job, LongConsumer progress) {
        return this.<FileCopy>onThread(scan -> new FileCopy(from, to, job::isDone, progress))
                .thenCompose(copy -> {
                    threads.run(job, copy::next, () -> true);
                    return job;
                });
    }

    /** The SHA-256 of each of these files; those that cannot be read, or change meanwhile, have none. */
    public CompletableFuture<Map<Path, Bytes>> digests(List<Path> files) {
        CompletableFuture<Map<Path, Bytes>> job = new CompletableFuture<>();
        FileReading reading = new FileReading(job::isDone);
        Map<Path, Bytes> digests = new ConcurrentHashMap<>();
        Iterator<Path> left = List.copyOf(files).iterator();
        threads.run(
                job,
                () -> {
                    synchronized (left) {
                        return left.hasNext() ? digest(reading, left.next(), digests) : null;
                    }
                },
                () -> Map.copyOf(digests));
        return job;
    }

    private static HashThreads.Step digest(FileReading reading, Path file, Map<Path, Bytes> digests) {
        return () -> {
            try {
                DigestLane lane = new DigestLane(
                        reading, file, Files.size(file), bytes -> {}, digest -> digests.put(file, Bytes.of(digest)));
                return lane.runToEnd();
            } catch (IOException | UserException e) {
                log.debug("{} is not looked into: {}", file, e.getMessage());
                return null;
            }
        };
    }

    private <T> CompletableFuture<T> onThread(Function<CompletableFuture<T>, T> work) {
        CompletableFuture<T> job = new CompletableFuture<>();
        CompletableFuture<T> found = new CompletableFuture<>();
        AtomicBoolean begun = new AtomicBoolean();
        HashThreads.Step step = () -> {
            found.complete(work.apply(job));
            return null;
        };
        threads.run(job, () -> begun.getAndSet(true) ? null : step, found::join);
        return job;
    }

    /**
     * Reads all files and makes an info dictionary of them, with a new salt.
     *
     * @param progress gets how many bytes are done, of {@link Scan#totalBytes()}; called by the hashing
     *     threads, several thousand times a second
     * @return fails with a UserException: CONTENT_CHANGED if a file is not as it was scanned, PATH_UNREADABLE, DISK_READ
     */
    public CompletableFuture<HashedShare> hash(Scan scan, LongConsumer progress) {
        return hash(scan, HashedParts.NONE, progress);
    }

    /** As above, but for what an earlier run has read. */
    public CompletableFuture<HashedShare> hash(Scan scan, HashedParts parts, LongConsumer progress) {
        CompletableFuture<HashedShare> job = new CompletableFuture<>();
        HashJob steps = new HashJob(scan, parts, job::isDone, progress);
        threads.run(job, steps::next, () -> steps.result(salts.get()));
        return job;
    }

    /**
     * Compares files with their size and SHA-256.
     *
     * @param digests 32 bytes for each file of {@code info}
     * @param root the shared file or folder on disk
     * @param early what {@link #readEarly} has made of the same files; null when nothing
     * @param progress as for {@link #hash}, of {@link InfoDictionary#totalBytes()}
     * @return the files that are missing or differ, in order; fails with PATH_UNREADABLE or DISK_READ
     */
    public CompletableFuture<List<FileEntry>> verify(
            InfoDictionary info, Bytes digests, Path root, @Nullable EarlyDigests early, LongConsumer progress) {
        return verify(Chosen.all(info), digests, root, early, progress);
    }

    /** As above, of these files; the digests are of all. */
    public CompletableFuture<List<FileEntry>> verify(
            Chosen chosen, Bytes digests, Path root, @Nullable EarlyDigests early, LongConsumer progress) {
        InfoDictionary info = chosen.info();
        CompletableFuture<List<FileEntry>> job = new CompletableFuture<>();
        VerifyJob steps = new VerifyJob(info, digests, root, chosen.numbers(), early, job::isDone, progress);
        threads.run(
                job,
                steps::next,
                () -> steps.result().stream().mapToObj(info.files()::get).toList());
        return job;
    }

    /** As {@link #verify}, of the files with these numbers alone; the answer is of numbers, too. */
    public CompletableFuture<BitSet> differing(
            InfoDictionary info, Bytes digests, Path root, BitSet which, LongConsumer progress) {
        CompletableFuture<BitSet> job = new CompletableFuture<>();
        VerifyJob steps = new VerifyJob(info, digests, root, which, null, job::isDone, progress);
        threads.run(job, steps::next, steps::result);
        return job;
    }

    /** {@link FilesLook#at} on a thread that may wait for the disk. */
    public CompletableFuture<FilesLook> look(InfoDictionary info, Path root, @Nullable FileStamps known) {
        return onThread(job -> FilesLook.at(info.folder(), info.files(), root, known));
    }

    /** As above, at the file with this number alone, of which nobody knows how it was. */
    public CompletableFuture<FilesLook> look(InfoDictionary info, Path root, int file) {
        return onThread(job -> FilesLook.at(info.folder(), List.of(info.files().get(file)), root, null));
    }

    /**
     * How far a file of a download that grows at {@code root} is right, from {@code offset} on.
     *
     * @param most how many bytes to look at; a piece at least
     * @return {@code offset} when nothing is there
     */
    public CompletableFuture<Long> verified(InfoDictionary info, Path root, int file, long offset, long most) {
        return onThread(job -> new VerifiedBytes(info, root, job::isDone).until(file, offset, most));
    }

    /**
     * Reads a download while it comes, for {@link #verify}.
     *
     * @param root where the shared file or folder grows
     */
    public EarlyDigests readEarly(InfoDictionary info, Path root) {
        return new EarlyDigests(info, root, threads);
    }

    /** Cancels every job. Idempotent; within 5 s. */
    @Override
    public void close() {
        threads.close();
    }

    private static Supplier<Bytes> randomSalts() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] salt = new byte[InfoDictionary.SALT_BYTES];
            random.nextBytes(salt);
            return Bytes.of(salt);
        };
    }
}
