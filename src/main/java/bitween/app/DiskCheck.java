package bitween.app;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import bitween.torrent.format.DiskErrors;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether downloads can be written, and have room. Leaves nothing behind. Thread: any that may wait for a disk. */
final class DiskCheck {
    private DiskCheck() {}

    static Finding of(Config config) {
        Path directory = config.downloads().directory();
        try {
            Path nearest = nearest(directory);
            probe(nearest);
            FileStore disk = Files.getFileStore(nearest);
            long kept = config.disk().reserve().of(disk.getTotalSpace());
            long free = disk.getUsableSpace();
            return free > kept
                    ? Finding.ok("disk", megabytes(free) + " MB are free in " + directory)
                    : Finding.wrong(
                            "disk",
                            ErrorCode.DISK_FULL,
                            "only " + megabytes(free) + " MB are free in " + directory + ", and " + megabytes(kept)
                                    + " are kept free: downloads pause",
                            "free some space, and they go on by themselves; or say in disk.reserve to keep less");
        } catch (IOException e) {
            UserException why = DiskErrors.writing(directory, e);
            return why.code() != ErrorCode.DISK_WRITE
                    ? Finding.wrong("disk", why)
                    : Finding.wrong(
                            "disk",
                            why.code(),
                            why.sentence(),
                            "see to that folder, or name another: bitween config set downloads.directory DIR");
        }
    }

    /** The folder itself or, as the first download makes it, the one in which that begins. */
    private static Path nearest(Path directory) throws IOException {
        Path there = Stream.<@Nullable Path>iterate(directory, Objects::nonNull, Path::getParent)
                .flatMap(Stream::ofNullable)
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .findFirst()
                .orElse(directory);
        if (!Files.isDirectory(there)) {
            throw new NotDirectoryException(there.toString());
        }
        return there;
    }

    /** No look at modes tells for sure; a byte also tells of a quota. */
    private static void probe(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, ".bitween-doctor", "");
        try {
            Files.write(file, new byte[1]);
        } finally {
            Files.delete(file);
        }
    }

    private static long megabytes(long bytes) {
        return bytes / 1_000_000;
    }
}
