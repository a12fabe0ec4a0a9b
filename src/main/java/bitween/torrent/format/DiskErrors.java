package bitween.torrent.format;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What an IOException of the disk means to people. */
final class DiskErrors {
    private DiskErrors() {}

    /**
     * Whether {@code e} says that there is nothing at {@code path}: no such file, or a file where a folder should be.
     */
    static boolean isMissing(Path path, IOException e) {
        if (e instanceof NoSuchFileException) {
            return true;
        }
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return true;
            }
        }
        return false;
    }

    /** PATH_UNREADABLE without permission, else DISK_READ. */
    static UserException of(Path path, IOException e) {
        String name = Names.quoted(path.toString());
        if (e instanceof AccessDeniedException) {
            return new UserException(
                    ErrorCode.PATH_UNREADABLE, name + " cannot be read", "allow it with chmod, or ignore it", e);
        }
        String reason = e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(e.getMessage());
        return new UserException(
                ErrorCode.DISK_READ,
                "reading " + name + " failed: " + reason,
                "look after the disk, then try again",
                e);
    }
}
