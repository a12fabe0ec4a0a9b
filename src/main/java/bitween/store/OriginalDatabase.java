package bitween.store;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The database of the first bitween, {@code ~/.bitween.db}: one table {@code torrents (magnetlink, torrent, status, save_path)}. It is only read, and
 * nothing in it is believed: whoever could write the file chose what stands there. Thread: any but {@code bus}.
 */
public final class OriginalDatabase {
    /** More than the first bitween could serve; as one answer of the API it stays below what a client takes (64 MiB). */
    static final int MAX_ROWS = 10_000;
    /** The pieces of 1 TiB and the names of 250,000 files; rows are read one by one, so this much at a time. */
    static final int MAX_BLOB_BYTES = 32 << 20;
    /** A path has at most 4,096 bytes on Linux. */
    static final int MAX_PATH_CHARACTERS = 4_096;
    /** Longer links are not read (see {@link bitween.model.Magnet}). */
    private static final int MAX_MAGNET_CHARACTERS = 8_192;

    private static final Set<String> COLUMNS = Set.of("magnetlink", "torrent", "status", "save_path");

    private OriginalDatabase() {}

    /**
     * One torrent, as it was kept.
     *
     * @param magnet empty when it is no text, or too long
     * @param torrent a .torrent file; null when it is no blob, or too large
     * @param status libtorrent's resume data, bencoded; null as {@code torrent}
     * @param savePath the folder in which the torrent's file or folder stands; empty as {@code magnet}
     */
    public record Row(
            String magnet,
            @Nullable Bytes torrent,
            @Nullable Bytes status,
            String savePath) {}

    /**
     * Reads all rows, one at a time.
     *
     * @param of what is kept of a row
     * @throws UserException PATH_MISSING, PATH_UNREADABLE, STORE_LOCKED; IMPORT_UNREADABLE when it is no such database, or has too many rows
     */
    public static <T> List<T> read(Path file, Function<Row, T> of) {
        requireFile(file);
        try (Connection connection = Connections.reader(file)) {
            requireTable(file, connection);
            List<T> rows = Sql.rows(
                    connection,
                    """
                    select case when typeof(magnetlink) = 'text' and length(magnetlink) <= ? then magnetlink else '' end,
                           case when typeof(torrent) = 'blob' and length(torrent) <= ? then torrent end,
                           case when typeof(status) = 'blob' and length(status) <= ? then status end,
                           case when typeof(save_path) = 'text' and length(save_path) <= ? then save_path else '' end
                    from torrents limit ?""",
                    row -> of.apply(new Row(
                            row.getString(1), bytes(row.getBytes(2)), bytes(row.getBytes(3)), row.getString(4))),
                    MAX_MAGNET_CHARACTERS,
                    MAX_BLOB_BYTES,
                    MAX_BLOB_BYTES,
                    MAX_PATH_CHARACTERS,
                    MAX_ROWS + 1);
            if (rows.size() > MAX_ROWS) {
                throw unreadable(file, "has more than " + MAX_ROWS + " torrents", null);
            }
            return rows;
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }

    private static @Nullable Bytes bytes(byte @Nullable [] content) {
        return content == null ? null : Bytes.of(content);
    }

    /** SQLite would wait for ever for who writes into a pipe. */
    private static void requireFile(Path file) {
        if (!Files.exists(file)) {
            throw new UserException(
                    ErrorCode.PATH_MISSING, "there is no " + file, "the first bitween kept it as ~/.bitween.db");
        }
        if (!Files.isRegularFile(file)) {
            throw unreadable(file, "is no file", null);
        }
        if (!Files.isReadable(file)) {
            throw new UserException(
                    ErrorCode.PATH_UNREADABLE, file + " cannot be read", "look at its owner and its mode");
        }
    }

    /** A view or a virtual table of that name would run what its maker wrote; columns that are computed are not listed. */
    private static void requireTable(Path file, Connection connection) throws SQLException {
        boolean stored = !Sql.rows(
                        connection,
                        "select 1 from sqlite_schema where type = 'table' and lower(name) = 'torrents' and rootpage > 0",
                        row -> row.getInt(1))
                .isEmpty();
        Set<String> columns =
                Sql.rows(connection, "select name from pragma_table_info('torrents')", row -> row.getString(1)).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        if (!stored || !columns.containsAll(COLUMNS)) {
            throw unreadable(file, "has no table 'torrents' as the first bitween made it", null);
        }
    }

    private static UserException failed(Path file, SQLException e) {
        if (StoreFailure.isDamage(e)) {
            return unreadable(file, "is no SQLite database, or a damaged one", e);
        }
        if (e instanceof SQLiteException s && s.getResultCode() == SQLiteErrorCode.SQLITE_BUSY) {
            return StoreFailure.of(file, e);
        }
        return unreadable(file, "cannot be read as a database: " + e.getMessage(), e);
    }

    private static UserException unreadable(Path file, String why, @Nullable SQLException e) {
        String hint = "the first bitween kept its torrents in ~/.bitween.db";
        return e == null
                ? new UserException(ErrorCode.IMPORT_UNREADABLE, file + " " + why, hint)
                : new UserException(ErrorCode.IMPORT_UNREADABLE, file + " " + why, hint, e);
    }
}
