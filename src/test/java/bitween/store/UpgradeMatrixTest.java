package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database of each schema that there ever was, with a row in each of its tables, becomes today's without losing one. */
class UpgradeMatrixTest {
    private static final String HASH = "a".repeat(40);
    /** Friends tell these again, under the keys that devices have since. */
    private static final int KEYS_SINCE = 3;

    private static final List<String> TOLD_AGAIN = List.of("friend_list", "friend_share", "device_seen");

    @TempDir
    Path temp;

    static Stream<Integer> every_older_schema() {
        return IntStream.range(1, Schema.NAMES.size()).boxed();
    }

    @ParameterizedTest
    @MethodSource("every_older_schema")
    void every_row_is_there_after_the_upgrade(int version) throws SQLException {
        Path file = temp.resolve("data/bitween.db");
        Path natives = temp.resolve("native");
        Database.open(file, natives, Schema.scripts().subList(0, version)).close();
        Map<String, List<String>> columns = new LinkedHashMap<>();
        Map<String, List<String>> before = new LinkedHashMap<>();
        try (Connection old = Connections.writer(file)) {
            Database.execute(old, "pragma foreign_keys = off");
            for (String table : tables(old)) {
                columns.put(table, columns(old, table));
                fill(old, table);
                before.put(table, rows(old, table, columns.get(table)));
            }
        }

        try (Database database = Database.open(file, natives)) {
            assertThat(database.restored()).isNull();
            Map<String, List<String>> after = database.read(connection -> {
                Map<String, List<String>> rows = new LinkedHashMap<>();
                for (String table : before.keySet()) {
                    List<String> kept = new ArrayList<>(columns.get(table));
                    kept.retainAll(columns(connection, table));
                    rows.put(table, rows(connection, table, kept));
                    if (!kept.equals(columns.get(table))) {
                        assertThat(table).isEqualTo("friend_share"); // which is by hash since, and had an order before
                    }
                }
                assertThat(Sql.rows(connection, "pragma foreign_key_check", row -> row.getString(1)))
                        .isEmpty();
                return rows;
            });
            before.forEach((table, rows) -> {
                boolean toldAgain = version < KEYS_SINCE && TOLD_AGAIN.contains(table);
                if (toldAgain) {
                    assertThat(after.get(table)).as(table).isEmpty();
                } else if (table.equals("friend_share")) {
                    assertThat(after.get(table)).as(table).hasSameSizeAs(rows);
                } else {
                    assertThat(after.get(table)).as(table).containsAll(rows);
                }
            });
            assertThat(new TorrentStore(database).all()).hasSize(1);
        }
        assertThat(file.resolveSibling("backups")).isNotEmptyDirectory();
        assertThat(Files.exists(file.resolveSibling("bitween.db.restored"))).isFalse();
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return Sql.rows(
                connection,
                "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name",
                row -> row.getString(1));
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        return Sql.rows(connection, "select name from pragma_table_info(?)", row -> row.getString(1), table);
    }

    private static void fill(Connection connection, String table) throws SQLException {
        List<String> values = Sql.rows(
                connection,
                "select name, type from pragma_table_info(?)",
                row -> value(row.getString(1), row.getString(2)),
                table);
        Database.execute(connection, "insert into " + table + " values (" + String.join(", ", values) + ")");
    }

    /** What the column of this name may hold; rows that refer to each other are of one number and hash. */
    private static String value(String column, String type) {
        return switch (column) {
            case "hash" -> "'" + HASH + "'";
            case "content_id" -> "'" + "c".repeat(64) + "'";
            case "device" -> "'" + "d".repeat(64) + "'";
            case "jid" -> "'bob@example.org'";
            case "kind" -> "'SHARE'";
            case "priority" -> "'HIGH'";
            case "file_priorities" -> "null";
            case "state" -> "'FAILED'";
            case "failure_code" -> "'DISK_READ'";
            case "down_bytes_per_second", "up_bytes_per_second" -> "1000000";
            case "layout", "sha256" -> "zeroblob(32)";
            case "spki" -> "null";
            case "trust" -> "'TRUSTED'";
            case "absence" -> "'AWAY'";
            case "grantee" -> "'everyone'";
            case "directory", "staging" -> "'/srv/music'";
            case "place" -> type.equalsIgnoreCase("TEXT") ? "'/srv/music'" : "1"; // of a transfer, or which one
            case "mode" -> "'LIVE'";
            case "outcome", "answer" -> "'TAKEN'";
            case "newest", "begun", "ready", "before" -> "'" + HASH + "'";
            default ->
                switch (type.toUpperCase(Locale.ROOT)) {
                    case "INTEGER" -> "1";
                    case "BLOB" -> "x'0102'";
                    default -> "'some " + column + "'";
                };
        };
    }

    private static List<String> rows(Connection connection, String table, List<String> columns) throws SQLException {
        String selected =
                columns.stream().map(column -> "quote(" + column + ")").collect(Collectors.joining(", "));
        return Sql.rows(connection, "select " + selected + " from " + table, row -> line(row, columns.size()));
    }

    private static String line(ResultSet row, int columns) throws SQLException {
        List<String> cells = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
            cells.add(row.getString(column));
        }
        return String.join(", ", cells);
    }
}
