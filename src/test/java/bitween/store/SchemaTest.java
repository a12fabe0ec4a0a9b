package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class SchemaTest {
    private static final List<String> SCRIPTS =
            List.of("create table one (a int); insert into one values (1);", "insert into one values (2);");

    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, where commits are tested
    Path temp;

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        Connections.extractInto(temp);
        connection = Connections.writer(temp.resolve("bitween.db"));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void each_script_runs_once_in_order() throws SQLException {
        Schema.upgrade(connection, SCRIPTS.subList(0, 1));
        Schema.upgrade(connection, SCRIPTS);
        Schema.upgrade(connection, SCRIPTS);

        assertThat(Schema.version(connection)).isEqualTo(2);
        assertThat(numbers()).containsExactly(1, 2);
    }

    @Test
    void a_file_from_a_newer_bitween_is_left_alone() throws SQLException {
        Schema.upgrade(connection, SCRIPTS);

        assertThatThrownBy(() -> Schema.upgrade(connection, SCRIPTS.subList(0, 1)))
                .hasMessage("the database has schema 2, newer than this bitween's 1")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.NEWER_HOME, UserException::code)
                .returns("upgrade bitween, or point --home elsewhere", UserException::hint);
        assertThat(Schema.version(connection)).isEqualTo(2);
        assertThat(numbers()).containsExactly(1, 2);
    }

    @Test
    void a_script_that_fails_leaves_nothing_of_it() throws SQLException {
        List<String> failing = List.of(SCRIPTS.get(0), "insert into one values (2); insert into none values (3);");

        assertThatThrownBy(() -> Schema.upgrade(connection, failing)).hasMessageContaining("no such table: none");
        assertThat(Schema.version(connection)).isEqualTo(1);
        assertThat(numbers()).containsExactly(1);
    }

    @Test
    void shares_of_before_there_were_grants_are_for_everyone_as_their_owner_was_told() throws SQLException {
        Schema.upgrade(connection, Schema.scripts().subList(0, 1));
        Database.execute(connection, """
                insert into transfer (id, kind, name, place, state, since_ms) values
                    (1, 'SHARE', 'music', '/srv/music', 'HASHING', 0), (2, 'JOB', 'film', '/d/film', 'QUEUED', 0);""");

        Schema.upgrade(connection, Schema.scripts());

        assertThat(Sql.rows(
                        connection, "select share, grantee from share_grant", row -> row.getInt(1) + row.getString(2)))
                .containsExactly("1everyone");
    }

    @Test
    void a_list_of_before_it_was_known_what_was_announced_is_asked_for_once_more() throws SQLException {
        Schema.upgrade(connection, Schema.scripts().subList(0, 1));
        Database.execute(connection, """
                insert into friend_list (id, jid, device, device_name, revision, fetched_ms)
                    values (7, 'bob@example.org', 'x', 'laptop', 'r1', 0);""");

        Schema.upgrade(connection, Schema.scripts().subList(0, 2));

        assertThat(Sql.rows(connection, "select announced || revision from friend_list", row -> row.getString(1)))
                .containsExactly("r1");
    }

    @Test
    void devices_of_before_they_had_keys_are_told_again_by_friends() throws SQLException {
        Schema.upgrade(connection, Schema.scripts().subList(0, 2));
        Database.execute(connection, """
                insert into friend_list (id, jid, device, device_name, revision, fetched_ms)
                    values (7, 'bob@example.org', 'bitween-1', 'laptop', 'r1', 0);""");
        Database.execute(
                connection,
                "insert into device_seen (jid, device, name, seen_ms) values ('bob@example.org', 'b', 'n', 0);");

        Schema.upgrade(connection, Schema.scripts());

        assertThat(Sql.rows(
                        connection,
                        "select device from friend_list union select device from device_seen",
                        row -> row.getString(1)))
                .isEmpty();
    }

    @Test
    void what_a_friend_shares_is_still_known_when_lists_are_kept_by_hash() throws SQLException {
        Schema.upgrade(connection, Schema.scripts().subList(0, 5));
        Database.execute(connection, """
                insert into friend_list (id, jid, device, device_name, revision, fetched_ms)
                    values (7, 'bob@example.org', 'x', 'laptop', 'r1', 0);
                insert into friend_share (list, position, hash, name, content_id, size_bytes, files, reshare) values
                    (7, 0, '%2$s', 'songs', '%3$s', 5, 6, 1), (7, 1, '%1$s', 'films', '%3$s', 7, 8, 0),
                    (7, 2, '%1$s', 'again', '%3$s', 7, 8, 0);""".formatted("a".repeat(40), "b".repeat(40), "c".repeat(64)));

        Schema.upgrade(connection, Schema.scripts());

        assertThat(Sql.rows(
                        connection,
                        "select list, name, size_bytes, files, reshare from friend_share order by hash",
                        row -> row.getInt(1) + row.getString(2) + row.getInt(3) + row.getInt(4) + row.getInt(5)))
                .containsExactly("7films780", "7songs561");
        Database.execute(connection, "delete from friend_list;");
        assertThat(Sql.rows(connection, "select name from friend_share", row -> row.getString(1)))
                .isEmpty();
    }

    @Test
    void the_scripts_are_those_in_db_numbered_from_one() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("db"))) {
            List<String> names = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();

            assertThat(Schema.NAMES).isEqualTo(names);
        }
        for (int i = 0; i < Schema.NAMES.size(); i++) {
            assertThat(Schema.NAMES.get(i)).matches("%03d_[a-z_]+\\.sql".formatted(i + 1));
        }
    }

    private List<Integer> numbers() throws SQLException {
        return Sql.rows(connection, "select a from one order by rowid", row -> row.getInt(1));
    }
}
