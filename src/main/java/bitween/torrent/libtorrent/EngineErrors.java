package bitween.torrent.libtorrent;

import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.libtorrent4j.swig.operation_t;

/** What libtorrent tells of a file that it could not read or write, for programs and for people. */
final class EngineErrors {
    /** errno(3). */
    private static final int ENOSPC = 28;

    private static final int EROFS = 30;
    private static final int EDQUOT = 122;
    private static final Set<String> WRITES = Set.of(
            "file_write",
            "file_fallocate",
            "file_truncate",
            "file_hard_link",
            "file_copy",
            "file_remove",
            "file_rename",
            "mkdir",
            "symlink",
            "partfile_write",
            "partfile_move");
    private static final Set<String> READS =
            Set.of("file_read", "file_stat", "file_seek", "partfile_read", "check_resume");
    private static final Map<ErrorCode, String> SENTENCES = new EnumMap<>(Map.of(
            ErrorCode.DISK_FULL, "the disk is full: cannot write ",
            ErrorCode.DISK_READ_ONLY, "the disk is read-only: cannot write ",
            ErrorCode.DISK_WRITE, "cannot write ",
            ErrorCode.DISK_READ, "cannot read "));

    private EngineErrors() {}

    /**
     * @param errno libtorrent does not let its category through; file operations know few other numbers, and none that is compared with here
     * @param complete whether the torrent had all pieces, so that it only reads
     */
    static ErrorCode code(int errno, operation_t operation, boolean complete) {
        String name = operation.toString();
        if (errno == ENOSPC || errno == EDQUOT) {
            return ErrorCode.DISK_FULL;
        }
        if (errno == EROFS) {
            return ErrorCode.DISK_READ_ONLY;
        }
        if (WRITES.contains(name)) {
            return ErrorCode.DISK_WRITE;
        }
        return complete || READS.contains(name) ? ErrorCode.DISK_READ : ErrorCode.DISK_WRITE;
    }

    /** @return {@code file} below the save path, which ends with the info-hash: it starts with the name of the share */
    static String inShare(InfoHash hash, String file) {
        String savePathEnd = "/" + hash + "/";
        int at = file.indexOf(savePathEnd);
        return at < 0 ? file : file.substring(at + savePathEnd.length());
    }

    /** Without a full stop; {@code message} is the system's. */
    static String sentence(ErrorCode code, String file, String message) {
        return SENTENCES.getOrDefault(code, "") + (isReadable(file) ? "'" + file + "'" : "one of its files") + ": "
                + message;
    }

    /** Names with characters beyond the basic plane come as single bytes, most of them C1 controls. */
    static boolean isReadable(String file) {
        return !file.isEmpty() && file.chars().noneMatch(Character::isISOControl);
    }
}
