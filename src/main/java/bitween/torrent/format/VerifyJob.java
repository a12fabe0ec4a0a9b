package bitween.torrent.format;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of comparing files with their digests: one file after the other, the largest first, so that no thread is
 * left with one at the end.
 */
final class VerifyJob {
    private final InfoDictionary info;
    private final Bytes digests;
    private final Path root;
    private final FileReading reading;
    private final LongConsumer progress;
    private final int[] order;
    private final BitSet different = new BitSet();
    private final AtomicLong doneBytes = new AtomicLong();
    private int next;

    VerifyJob(InfoDictionary info, Bytes digests, Path root, BooleanSupplier cancelled, LongConsumer progress) {
        if (digests.size() != info.files().size() * Digests.SHA256_BYTES) {
            throw new IllegalArgumentException(digests.size() + " bytes are not the digests of "
                    + info.files().size() + " files");
        }
        this.info = info;
        this.digests = digests;
        this.root = root;
        this.reading = new FileReading(cancelled);
        this.progress = progress;
        List<FileEntry> files = info.files();
        order = IntStream.range(0, files.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> files.get(i).sizeBytes())
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    synchronized HashThreads.@Nullable Step next() {
        if (next == order.length) {
            return null;
        }
        int file = order[next++];
        return () -> begin(file);
    }

    List<FileEntry> result() {
        synchronized (different) {
            return different.stream().mapToObj(info.files()::get).toList();
        }
    }

    private HashThreads.@Nullable Step begin(int file) {
        FileEntry entry = info.files().get(file);
        Path path = info.folder() ? Scan.below(root, entry.path()) : root;
        if (!hasSize(path, entry.sizeBytes())) {
            differs(file);
            done(entry.sizeBytes());
            return null;
        }
        return continued(file, new DigestLane(reading, path, entry.sizeBytes(), this::done, digest -> {
            if (!Bytes.of(digest).equals(digests.slice(file * Digests.SHA256_BYTES, Digests.SHA256_BYTES))) {
                differs(file);
            }
        }));
    }

    /** A file that vanishes or shrinks while it is read differs, too. */
    private HashThreads.@Nullable Step continued(int file, DigestLane lane) {
        try {
            DigestLane following = lane.run();
            return following == null ? null : () -> continued(file, following);
        } catch (UserException e) {
            if (e.code() != ErrorCode.CONTENT_CHANGED) {
                throw e;
            }
            differs(file);
            return null;
        }
    }

    private static boolean hasSize(Path path, long size) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && attributes.size() == size;
        } catch (IOException e) {
            if (DiskErrors.isMissing(path, e)) {
                return false;
            }
            throw DiskErrors.of(path, e);
        }
    }

    private void differs(int file) {
        synchronized (different) {
            different.set(file);
        }
    }

    private void done(long bytes) {
        progress.accept(doneBytes.addAndGet(bytes));
    }
}
