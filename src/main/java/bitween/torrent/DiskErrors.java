package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What the operating system says of a disk, in words for people. */
final class DiskErrors {
    private DiskErrors() {}

    static UserException writing(Path where, IOException e) {
        String why = reason(e);
        boolean full = why.contains("No space left") || why.contains("quota exceeded");
        return full
                ? new UserException(
                        ErrorCode.DISK_FULL,
                        "no space left to write " + where,
                        "free some space, then: bitween recheck NAME",
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
