package bitween.app;

import bitween.config.Config;
import bitween.model.Finding;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether downloads can be written, and have room. Thread: any that may wait for a disk. */
final class DiskCheck {
    private DiskCheck() {}

    static Finding of(Config config) {
        Path directory = config.downloads().directory();
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".bitween-doctor", ""));
            FileStore disk = Files.getFileStore(directory);
            long kept = config.disk().reserve().of(disk.getTotalSpace());
            long free = disk.getUsableSpace();
            return free > kept
                    ? Finding.ok("disk", megabytes(free) + " MB are free in " + directory)
                    : Finding.wrong(
                            "disk",
                            "only " + megabytes(free) + " MB are free in " + directory + ", and " + megabytes(kept)
                                    + " are kept free: downloads pause",
                            "free some space, and they go on by themselves; or say in disk.reserve to keep less");
        } catch (IOException e) {
            return Finding.wrong(
                    "disk",
                    "nothing can be written in " + directory + ": " + e.getMessage(),
                    "see to that folder, or name another: bitween config set downloads.directory DIR");
        }
    }

    private static long megabytes(long bytes) {
        return bytes / 1_000_000;
    }
}
