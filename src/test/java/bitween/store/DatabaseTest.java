package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class DatabaseTest {
    private static final List<String> SCRIPTS =
            List.of("create table one (a int unique); create table two (a int references one (a));");

    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, where commits are tested
    Path temp;

    private Path file;
    private Database database;

    @BeforeEach
    void open() {
        file = temp.resolve("data/bitween.db");
        database = reopened();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void one_that_was_only_read_is_closed_without_a_word() {
        Database unused = Database.open(temp.resolve("unused.db"), temp.resolve("natives"));

        int version = unused.read(Schema::version);
        unused.close();

        assertThat(version).isEqualTo(Schema.NAMES.size());
    }

    @Test
    void what_was_committed_is_there_after_reopening() {
        database.change(insert(1));
        database.changeRelaxed(insert(2));
        database.close();

        database = reopened();

        assertThat(numbers()).containsExactly(1, 2);
    }

    /** After a power failure the file may have the bytes of a checkpoint and the time of before: a seal that is still there would call that damage. */
    @Test
    void a_long_log_comes_into_the_file_once_its_seal_is_broken_and_not_before() throws IOException {
        database.change(connection -> Database.execute(connection, "create table big (b blob)"));
        long before = Files.size(file);

        for (int i = 0; Files.size(file) == before; i++) {
            assertThat(i).as("MB in the log").isLessThan(20);
            boolean sealed = Files.exists(opened());
            database.change(connection -> Database.execute(connection, "insert into big values (randomblob(1000000))"));
            assertThat(Files.size(file) == before || !sealed)
                    .as("after %s MB", i)
                    .isTrue();
        }

        assertThat(opened()).doesNotExist();
    }

    @Test
    @Tag("slow")
    void a_close_breaks_the_seal_before_it_brings_the_log_into_the_file() throws SQLException {
        database.change(insert(1));
        assertThat(opened()).exists();

        try (Connection other = Connections.reader(file)) {
            other.setAutoCommit(false);
            assertThat(Sql.rows(other, "select a from one", row -> row.getInt(1)))
                    .containsExactly(1);
            database.close(); // all but the end, as somebody reads
        }

        assertThat(opened()).doesNotExist();
        assertThat(Seal.of(file)).doesNotExist();
        database = reopened();
        assertThat(numbers()).containsExactly(1);
    }

    private Path opened() {
        return file.resolveSibling("bitween.db.opened");
    }

    @Test
    void what_was_committed_is_seen_by_another_process_before_any_close() throws SQLException {
        database.change(insert(1));
        database.changeRelaxed(insert(2));

        try (Connection other = Connections.reader(file)) {
            assertThat(Sql.rows(other, "select a from one", row -> row.getInt(1)))
                    .containsExactly(1, 2);
        }
    }

    @Test
    void a_commit_is_on_the_disk_unless_it_is_relaxed() {
        assertThat(database.transaction(this::synchronous)).isEqualTo(2);
        assertThat(database.transactionRelaxed(this::synchronous)).isEqualTo(1);
        assertThat(database.transaction(this::synchronous)).isEqualTo(2);
    }

    @Test
    void work_that_throws_leaves_nothing() {
        assertThatThrownBy(() -> database.change(connection -> {
                    insert(1).run(connection);
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");

        database.change(insert(2));
        assertThat(numbers()).containsExactly(2);
    }

    @Test
    void what_sqlite_refuses_is_an_error_for_people() {
        database.change(insert(1));

        assertThatThrownBy(() -> database.change(insert(1)))
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.STORE_FAILED, UserException::code)
                .extracting(UserException::sentence)
                .asString()
                .startsWith("the database " + file + " failed: ")
                .contains("UNIQUE constraint failed: one.a");
    }

    @Test
    void foreign_keys_hold() {
        assertThatThrownBy(() -> database.change(c -> Sql.update(c, "insert into two values (7)")))
                .hasMessageContaining("FOREIGN KEY constraint failed");
    }

    @Test
    void a_transaction_within_a_transaction_is_refused() {
        assertThatThrownBy(() -> database.change(outer -> database.change(insert(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a transaction within a transaction");
        assertThat(numbers()).isEmpty();
    }

    @Test
    void a_reader_cannot_write() {
        assertThatThrownBy(() -> database.read(c -> Sql.update(c, "insert into one values (1)")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be opened for writing");
    }

    @Test
    @Timeout(10)
    void readers_run_beside_each_other_and_beside_the_writer() throws Exception {
        database.change(insert(1));
        var together = new CyclicBarrier(Readers.LIMIT + 1);

        List<CompletableFuture<List<Integer>>> reads = IntStream.range(0, Readers.LIMIT)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> database.read(connection -> {
                            Sql.rows(connection, "select 1 from one", row -> 1);
                            await(together);
                            await(together);
                            return Sql.rows(connection, "select a from one", row -> row.getInt(1));
                        }),
                        task -> new Thread(task).start()))
                .toList();
        await(together);
        database.change(insert(2));
        await(together);

        for (CompletableFuture<List<Integer>> read : reads) {
            assertThat(read.get(5, TimeUnit.SECONDS))
                    .as("one state of the database")
                    .containsExactly(1);
        }
        assertThat(numbers()).containsExactly(1, 2);
    }

    @Test
    @Timeout(20)
    void writers_on_many_threads_queue() {
        var writers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; n < 20; n++) {
                                database.changeRelaxed(insert(i * 100 + n));
                            }
                        },
                        task -> new Thread(task).start()))
                .toArray(CompletableFuture[]::new);

        CompletableFuture.allOf(writers).join();

        assertThat(numbers()).hasSize(160);
    }

    @Test
    void closing_leaves_one_file_and_may_be_repeated() {
        database.change(insert(1));
        assertThat(numbers()).containsExactly(1);

        database.close();
        database.close();

        assertThat(file.getParent()).isDirectoryContaining(file::equals);
        assertThat(file.getParent())
                .isDirectoryNotContaining(path -> path.toString().contains("db-"));
        assertThatThrownBy(() -> database.change(insert(2))).hasMessage("the database " + file + " is closed");
        assertThatThrownBy(this::numbers).hasMessage("the database " + file + " is closed");
    }

    @Test
    void nobody_else_can_read_any_of_its_files() throws IOException {
        database.change(insert(1));

        assertThat(mode(temp.resolve("data"))).isEqualTo("rwx------");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(Path.of(file + "-wal"))).isEqualTo("rw-------");
        assertThat(mode(Path.of(file + "-shm"))).isEqualTo("rw-------");
        assertThat(mode(temp.resolve("native"))).isEqualTo("rwx------");
    }

    @Test
    @ExpectedErrors("^ERROR .* Trouble: nothing is stored any more.*the disk is full")
    void a_full_disk_is_called_by_its_name_and_the_store_goes_on() {
        database.change(c -> Database.execute(c, "pragma max_page_count = 20"));

        assertThatThrownBy(() -> database.change(c -> {
                    for (int i = 0; i < 50_000; i++) {
                        Sql.update(c, "insert into one values (?)", i);
                    }
                }))
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.DISK_FULL, UserException::code);
        database.change(insert(7));
        assertThat(numbers()).containsExactly(7);
    }

    @Test
    void a_path_with_signs_that_mean_something_in_a_url_is_only_a_path() {
        Path odd = temp.resolve("what? 100%41 #1/bitween.db");

        Database.open(odd, temp.resolve("native"), SCRIPTS).close();

        assertThat(odd).isRegularFile();
    }

    @Test
    void a_directory_that_others_use_is_refused() throws IOException {
        Path shared = Files.createDirectory(temp.resolve("shared"));
        Files.createFile(shared.resolve("somebody's"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> Database.open(shared.resolve("bitween.db"), temp.resolve("native"), SCRIPTS))
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.HOME_UNSAFE, UserException::code);
    }

    private Database reopened() {
        return Database.open(file, temp.resolve("native"), SCRIPTS);
    }

    private static Database.Change insert(int number) {
        return connection -> Sql.update(connection, "insert into one values (?)", number);
    }

    private List<Integer> numbers() {
        return database.read(c -> Sql.rows(c, "select a from one order by rowid", row -> row.getInt(1)));
    }

    private int synchronous(Connection connection) throws SQLException {
        return Sql.first(connection, "pragma synchronous", row -> row.getInt(1)).orElseThrow();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the others did not come", e);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
