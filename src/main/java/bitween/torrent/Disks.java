package bitween.torrent;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the file systems under our folders say of themselves. Any thread that may wait for a disk. */
public interface Disks {
    /**
     * Of one file system.
     *
     * @param usableBytes what this user may still write
     */
    record Space(long usableBytes, long totalBytes) {}

    Space spaceOf(Path directory) throws IOException;

    /** Those of this machine. */
    static Disks ofThisMachine() {
        return directory -> {
            FileStore store = Files.getFileStore(directory);
            return new Space(store.getUsableSpace(), store.getTotalSpace());
        };
    }
}
