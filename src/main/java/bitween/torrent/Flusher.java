package bitween.torrent;

import bitween.model.UserException;
import bitween.torrent.format.DiskErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Waits until files are on the disk, so that a power failure does not take what was told to be there. Thread: any that may wait for the disk. */
final class Flusher {
    private static final Logger log = LogManager.getLogger(Flusher.class);
    /** A file system with a journal writes it once for all who wait: 5,000 files took 14 s one by one, and 0.8 s so. */
    private static final int THREADS = 8;

    private static final int CHUNK_BYTES = 1 << 20;

    /** Files bear the time of the kernel's last tick, or of a server's clock. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(10);

    private Flusher() {}

    /** @throws UserException DISK_WRITE or DISK_FULL when one cannot be written, or is not there */
    static void flush(List<Path> files) {
        Queue<Path> waiting = new ConcurrentLinkedQueue<>(files);
        if (files.size() == 1) {
            flushAll(waiting);
            return;
        }
        int count = Math.min(THREADS, files.size());
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, count), task -> {
            Thread thread = new Thread(task, "flush-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletableFuture.allOf(IntStream.range(0, count)
                            .mapToObj(i -> CompletableFuture.runAsync(() -> flushAll(waiting), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * As {@link #flush}, of the files that were written to since {@code since}; those that are not there are left out, as nothing came for them.
     *
     * @return when it began, which is {@code since} for the next time
     */
    static Instant flushWritten(List<Path> files, Instant since) {
        Instant begin = Instant.now().minus(CLOCKS_DIFFER);
        List<Path> written = new ArrayList<>();
        for (Path file : files) {
            try {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    written.add(file);
                }
            } catch (NoSuchFileException e) {
                log.trace("{} has not begun", file);
            } catch (IOException e) {
                throw DiskErrors.writing(file, e);
            }
        }
        if (!written.isEmpty()) {
            flush(written);
        }
        return begin;
    }

    /**
     * Writes what is in files to where it is, so that the next flush has to write it out: what a disk failed to take counts as written, and is not tried again.
     *
     * @throws UserException DISK_WRITE, DISK_FULL or another of {@link DiskErrors#writing}
     */
    static void writeAgain(List<Path> files) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                writeAgain(channel, buffer);
            } catch (IOException e) {
                throw DiskErrors.writing(file, e);
            }
        }
    }

    private static void writeAgain(FileChannel channel, ByteBuffer buffer) throws IOException {
        long position = 0;
        for (int count = channel.read(buffer.clear(), 0); count > 0; count = channel.read(buffer.clear(), position)) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
        }
    }

    /** What is in it keeps its names. Not every file system can tell; then it is as good as it gets. */
    static void flushFolder(Path folder) {
        try {
            force(folder);
        } catch (IOException e) {
            log.debug("{} is not flushed: {}", folder, e.getMessage());
        }
    }

    private static void flushAll(Queue<Path> waiting) {
        for (Path file = waiting.poll(); file != null; file = waiting.poll()) {
            try {
                force(file);
            } catch (IOException e) {
                waiting.clear();
                throw DiskErrors.writing(file, e);
            }
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
