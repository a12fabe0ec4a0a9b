package bitween.torrent.format;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Reads parts of files block by block into one array per thread. */
final class FileReading {
    /**
     * Stays in the second-level cache between the copy from the page cache and the two digests. From 64 KiB to 1 MiB
     * the speed hardly differs.
     */
    static final int BLOCK = 256 << 10;

    private final ThreadLocal<byte[]> blocks = ThreadLocal.withInitial(() -> new byte[BLOCK]);
    private final BooleanSupplier cancelled;

    /** Takes what was read. */
    interface Sink {
        void accept(byte[] block, int length);
    }

    FileReading(BooleanSupplier cancelled) {
        this.cancelled = cancelled;
    }

    /**
     * Reads {@code length} bytes.
     *
     * @throws UserException CONTENT_CHANGED if the file is gone, a link, or too short; PATH_UNREADABLE; DISK_READ
     * @throws CancellationException if the job is
     */
    void read(Path path, long offset, long length, Sink sink) {
        byte[] block = blocks.get();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long at = offset;
            long end = offset + length;
            while (at < end) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("reading " + path + " was cancelled");
                }
                int wanted = (int) Math.min(block.length, end - at);
                int read = channel.read(ByteBuffer.wrap(block, 0, wanted), at);
                if (read < 0) {
                    throw changed(path);
                }
                sink.accept(block, read);
                at += read;
            }
        } catch (IOException e) {
            if (Files.isSymbolicLink(path) || DiskErrors.isMissing(path, e)) {
                throw changed(path);
            }
            throw DiskErrors.of(path, e);
        }
    }

    /** @throws UserException CONTENT_CHANGED if the file is not as it was seen */
    static void checkUnchanged(Path path, Scan.File seen) {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!now.isRegularFile()
                    || now.size() != seen.entry().sizeBytes()
                    || !now.lastModifiedTime().equals(seen.modified())
                    || !Objects.equals(now.fileKey(), seen.key())) {
                throw changed(path);
            }
        } catch (IOException e) {
            if (DiskErrors.isMissing(path, e)) {
                throw changed(path);
            }
            throw DiskErrors.of(path, e);
        }
    }

    private static UserException changed(Path path) {
        return new UserException(
                ErrorCode.CONTENT_CHANGED,
                Names.quoted(path.toString()) + " was changed while it was being read",
                "try again when nothing writes to it, or leave it out");
    }
}
