package bitween.store;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says in words what SQLite says in codes (sqlite.org/rescode.html). */
final class StoreFailure {
    private static final int PRIMARY_CODE = 0xff;

    private StoreFailure() {}

    /** Whether the file itself is not what it has to be. */
    static boolean isDamage(SQLException e) {
        if (e instanceof SQLiteException s) {
            int code = s.getResultCode().code & PRIMARY_CODE;
            return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
        }
        return e instanceof Sql.SenselessRowException;
    }

    /** Whether another program holds the file. */
    static boolean isLocked(SQLException e) {
        int code =
                e instanceof SQLiteException s ? s.getResultCode().code & PRIMARY_CODE : SQLiteErrorCode.SQLITE_OK.code;
        return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    static UserException of(Path file, SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        if (code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE) {
            return diskFull(file, e); // the index of the write-ahead log is a mapped file that could not grow
        }
        return switch (code.code & PRIMARY_CODE) {
            case 13 /* SQLITE_FULL */ -> diskFull(file, e);
            case 11 /* SQLITE_CORRUPT */, 26 /* SQLITE_NOTADB */ ->
                failed(
                        ErrorCode.STORE_DAMAGED,
                        "the database " + file + " is damaged (" + code + ")",
                        "start the daemon anew: it puts the last good backup in its place",
                        e);
            case 5 /* SQLITE_BUSY */, 6 /* SQLITE_LOCKED */ ->
                failed(
                        ErrorCode.STORE_LOCKED,
                        "another program holds the database " + file,
                        "end that program; then this works again by itself",
                        e);
            case 8 /* SQLITE_READONLY */, 14 /* SQLITE_CANTOPEN */, 3 /* SQLITE_PERM */ -> readOnly(file, code, e);
            case 10 /* SQLITE_IOERR */ ->
                isReadOnly(file)
                        ? readOnly(file, code, e)
                        : failed(
                                ErrorCode.DISK_WRITE,
                                "the disk of the database " + file + " fails (" + code + ")",
                                "look at that disk, and at what the system's log says of it",
                                e);
            default ->
                failed(
                        ErrorCode.STORE_FAILED,
                        "the database " + file + " failed: " + e.getMessage(),
                        "the log says more",
                        e);
        };
    }

    /** A disk with errors is made so by the system; what is open stays open, and fails. */
    private static boolean isReadOnly(Path file) {
        try {
            Files.delete(Files.createTempFile(
                    file.toAbsolutePath().getParent(), ".probe", ".new")); // modes and mounts do not tell
            return false;
        } catch (FileSystemException refused) {
            return String.valueOf(refused.getReason()).contains("Read-only");
        } catch (IOException other) {
            return false;
        }
    }

    private static UserException readOnly(Path file, SQLiteErrorCode code, SQLException e) {
        return failed(
                ErrorCode.STORE_READ_ONLY,
                "the database " + file + " cannot be opened for writing (" + code + ")",
                "look at the owner, the mode and the disk of its directory",
                e);
    }

    static UserException closed(Path file) {
        return new UserException(
                ErrorCode.STORE_FAILED, "the database " + file + " is closed", "bitween is stopping; start it again");
    }

    private static UserException diskFull(Path file, SQLException e) {
        return new UserException(
                ErrorCode.DISK_FULL,
                "the disk is full: nothing more can be written to " + file,
                "free some space on it, then try again",
                e);
    }

    private static UserException failed(ErrorCode code, String sentence, String hint, SQLException e) {
        return new UserException(code, sentence, hint, e);
    }
}
