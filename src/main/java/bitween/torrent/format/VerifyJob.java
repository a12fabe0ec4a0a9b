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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps of comparing files with their digests: one file after the other, the largest first, so that no thread is
 * left with one at the end.
 */
final class VerifyJob {
    private final InfoDictionary info;
    private final Bytes digests;
    private final Path root;
    private final @Nullable EarlyDigests early;
    private final FileReading reading;
    private final LongConsumer progress;
    private final int[] order;
    /** Adding up the sizes of all files, as often as there are files, would take longer than reading them. */
    private final long totalBytes;

    private final BitSet different = new BitSet();
    /** Those whose beginning may have been read before it was all on the disk. */
    private final Set<Integer> again = ConcurrentHashMap.newKeySet();

    private final AtomicLong doneBytes = new AtomicLong();
    private int next;

    /**
     * @param which of the files, by their numbers
     * @param early what was read while it came; null when nothing was
     */
    VerifyJob(
            InfoDictionary info,
            Bytes digests,
            Path root,
            BitSet which,
            @Nullable EarlyDigests early,
            BooleanSupplier cancelled,
            LongConsumer progress) {
        if (digests.size() != info.files().size() * Digests.SHA256_BYTES) {
            throw new IllegalArgumentException(digests.size() + " bytes are not the digests of "
                    + info.files().size() + " files");
        }
        this.info = info;
        this.digests = digests;
        this.root = root;
        this.early = early;
        this.reading = new FileReading(cancelled);
        this.progress = progress;
        totalBytes = info.totalBytes();
        List<FileEntry> files = info.files();
        order = which.stream()
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

    BitSet result() {
        synchronized (different) {
            return (BitSet) different.clone();
        }
    }

    private HashThreads.@Nullable Step begin(int file) {
        FileEntry entry = info.files().get(file);
        Path path = pathOf(file);
        if (!hasSize(path, entry.sizeBytes())) {
            differs(file);
            done(entry.sizeBytes());
            return null;
        }
        if (early == null) {
            return continued(file, lane(file, path));
        }
        Bytes whole = early.digest(file).orElse(null);
        if (whole != null) {
            if (!isRight(file, whole)) {
                return continued(file, lane(file, path)); // it may have been read before it was all on the disk
            }
            done(entry.sizeBytes());
            return null;
        }
        EarlyDigests.Begun begun = early.begun(file).orElse(null);
        return continued(file, begun == null ? lane(file, path) : rest(file, path, begun));
    }

    private DigestLane lane(int file, Path path) {
        return new DigestLane(reading, path, info.files().get(file).sizeBytes(), this::done, digest -> {
            if (!isRight(file, Bytes.of(digest))) {
                differs(file);
            }
        });
    }

    /** A file whose beginning was read while it came. */
    private DigestLane rest(int file, Path path, EarlyDigests.Begun begun) {
        done(begun.position());
        return new DigestLane(reading, path, info.files().get(file).sizeBytes(), begun, this::done, digest -> {
            if (!isRight(file, Bytes.of(digest))) {
                again.add(file);
            }
        });
    }

    private Path pathOf(int file) {
        return info.folder() ? Scan.below(root, info.files().get(file).path()) : root;
    }

    private boolean isRight(int file, Bytes digest) {
        return digest.equals(digests.slice(file * Digests.SHA256_BYTES, Digests.SHA256_BYTES));
    }

    /** A file that vanishes or shrinks while it is read differs, too. */
    private HashThreads.@Nullable Step continued(int file, DigestLane lane) {
        try {
            DigestLane following = lane.run();
            if (following != null) {
                return () -> continued(file, following);
            }
            return again.remove(file) ? () -> continued(file, lane(file, pathOf(file))) : null;
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
        progress.accept(Math.min(doneBytes.addAndGet(bytes), totalBytes)); // some may be read twice
    }
}
