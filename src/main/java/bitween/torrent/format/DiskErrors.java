package bitween.torrent.format;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What an IOException of the disk means to people. */
public final class DiskErrors {
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

    /** While reading: PATH_UNREADABLE without permission, else DISK_READ. */
    static UserException of(Path path, IOException e) {
        String name = Names.quoted(path.toString());
        return e instanceof AccessDeniedException
                ? new UserException(
                        ErrorCode.PATH_UNREADABLE, name + " cannot be read", "allow it with chmod, or ignore it", e)
                : new UserException(
                        ErrorCode.DISK_READ,
                        "reading " + name + " failed: " + reason(e),
                        "look after the disk, then try again",
                        e);
    }

    /** While writing: DISK_FULL, DISK_READ_ONLY, else DISK_WRITE. */
    public static UserException writing(Path where, IOException e) {
        String why = reason(e);
        if (why.contains("Read-only file system")) {
            return new UserException(
                    ErrorCode.DISK_READ_ONLY,
                    "the disk is read-only: cannot write " + where,
                    "mount it for writing: what waits for it goes on by itself",
                    e);
        }
        boolean full = why.contains("No space left") || why.contains("quota exceeded");
        return full
                ? new UserException(
                        ErrorCode.DISK_FULL,
                        "no space left to write " + where,
                        "free some space: what waits for it goes on by itself",
                        e)
                : new UserException(
                        ErrorCode.DISK_WRITE,
                        "cannot write " + where + ": " + why,
                        "choose a folder that you may write to, with --to or downloads.directory",
                        e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof NotDirectoryException) {
            return "it is not a folder";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
