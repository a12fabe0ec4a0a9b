package bitween.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.store.OriginalDatabase.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginalDatabaseTest {
    /** As the first bitween makes it, letter by letter. */
    private static final String TABLE =
            "CREATE TABLE torrents (magnetlink VARCHAR PRIMARY KEY, torrent BLOB, status BLOB, save_path VARCHAR)";

    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void name() {
        file = temp.resolve(".bitween.db");
    }

    @Test
    void a_row_is_read_as_it_was_kept() throws SQLException {
        write(TABLE, "insert into torrents values ('magnet:?xt=1', x'6465', x'00ff', '/srv')");

        assertThat(rows())
                .containsExactly(new Row(
                        "magnet:?xt=1", Bytes.of("de".getBytes(UTF_8)), Bytes.of(new byte[] {0, (byte) 0xff}), "/srv"));
    }

    @Test
    void a_table_of_settings_beside_it_does_not_matter() throws SQLException {
        write(
                "CREATE TABLE sessionstatus (settingname VARCHAR PRIMARY KEY, status BLOB)",
                TABLE,
                "insert into torrents values ('m', null, null, '/srv')");

        assertThat(rows()).containsExactly(new Row("m", null, null, "/srv"));
    }

    @Test
    void what_is_of_another_type_or_too_large_is_left_out_of_its_row() throws SQLException {
        write(
                TABLE,
                "insert into torrents values (x'6d', 'text', 7, 5.5)",
                "insert into torrents values (printf('%9000d', 1), zeroblob(" + (OriginalDatabase.MAX_BLOB_BYTES + 1)
                        + "), x'01', printf('%5000d', 1))");

        assertThat(rows())
                .containsExactly(
                        new Row("", null, null, "5.5"), // VARCHAR makes text of it
                        new Row("", null, Bytes.of(new byte[] {1}), ""));
    }

    @Test
    void reading_changes_nothing() throws SQLException, IOException {
        write(TABLE, "insert into torrents values ('m', null, null, '/srv')");
        byte[] before = Files.readAllBytes(file);

        rows();

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(temp.toFile().list()).containsExactly(".bitween.db");
    }

    @Test
    void more_torrents_than_anybody_had_are_refused() throws SQLException {
        write(
                TABLE,
                "with recursive n(i) as (select 1 union all select i + 1 from n where i <= " + OriginalDatabase.MAX_ROWS
                        + ") insert into torrents select i, null, null, '/srv' from n");

        refused(ErrorCode.IMPORT_UNREADABLE, "has more than 10000 torrents");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table other (a)",
                "create table torrents (magnetlink varchar primary key, torrent blob, status blob)",
                "create view torrents as select 'm' as magnetlink, null as torrent, null as status, '/' as save_path",
                "create table torrents (magnetlink, torrent, status, save_path as (hex(zeroblob(1000000))))",
                "create virtual table torrents using fts5(magnetlink, torrent, status, save_path)"
            })
    void a_database_without_that_table_is_none_of_the_first_bitween(String schema) throws SQLException {
        write(schema);

        refused(ErrorCode.IMPORT_UNREADABLE, "has no table 'torrents' as the first bitween made it");
    }

    @Test
    void what_is_no_database_is_refused() throws IOException {
        Files.writeString(file, "no database, but long enough for a header of SQLite's hundred bytes. ".repeat(20));

        refused(ErrorCode.IMPORT_UNREADABLE, "is no SQLite database, or a damaged one");
    }

    @Test
    void an_empty_file_is_refused() throws IOException {
        Files.createFile(file);

        refused(ErrorCode.IMPORT_UNREADABLE, "has no table 'torrents'");
    }

    @Test
    void a_database_that_is_cut_off_is_refused() throws SQLException, IOException {
        write(TABLE, "insert into torrents values ('m', zeroblob(100000), null, '/srv')");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, 20_000));

        refused(ErrorCode.IMPORT_UNREADABLE, "is no SQLite database, or a damaged one");
    }

    @Test
    void a_folder_is_refused() throws IOException {
        Files.createDirectory(file);

        refused(ErrorCode.IMPORT_UNREADABLE, "is no file");
    }

    @Test
    void what_is_not_there_is_missing_and_is_not_made() {
        refused(ErrorCode.PATH_MISSING, "there is no " + file);

        assertThat(file).doesNotExist();
    }

    private List<Row> rows() {
        return OriginalDatabase.read(file, row -> row);
    }

    private void refused(ErrorCode code, String why) {
        assertThatExceptionOfType(UserException.class).isThrownBy(this::rows).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.sentence()).contains(why).contains(file.toString());
            assertThat(e.hint()).contains("~/.bitween.db");
        });
    }

    private void write(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            for (String sql : statements) {
                Database.execute(Objects.requireNonNull(connection), sql);
            }
        }
    }
}
