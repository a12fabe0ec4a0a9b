package bitween.torrent.format;

import bitween.model.Bytes;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** The SHA-256 of a file, by itself or of what is copied of it on the way. Thread: one that may wait for the disk. */
public final class DigestedCopy {
    private final FileReading reading;

    /** @param cancelled asked again and again; at true it ends with a {@link CancellationException} */
    public DigestedCopy(BooleanSupplier cancelled) {
        reading = new FileReading(cancelled);
    }

    /**
     * Holes stay holes; the copy is not on the disk yet.
     *
     * @return of what is at {@code to} now
     * @throws UserException CONTENT_CHANGED: it is gone, a link, or has fewer bytes; PATH_UNREADABLE, DISK_READ, DISK_WRITE, DISK_FULL
     */
    public Bytes copy(Path from, Path to, long sizeBytes) {
        MessageDigest digest = Digests.sha256();
        try (CopyTarget target = new CopyTarget(to, 0, sizeBytes)) {
            reading.read(from, 0, sizeBytes, (block, length) -> {
                digest.update(block, 0, length);
                target.accept(block, length);
            });
        } catch (IOException e) {
            throw DiskErrors.writing(to, e);
        }
        return Bytes.of(digest.digest());
    }

    /** @throws UserException CONTENT_CHANGED, PATH_UNREADABLE, DISK_READ, as above */
    public Bytes digest(Path file, long sizeBytes) {
        MessageDigest digest = Digests.sha256();
        reading.read(file, 0, sizeBytes, (block, length) -> digest.update(block, 0, length));
        return Bytes.of(digest.digest());
    }
}
