package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.StoreStatus.Restored;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

@ExpectedErrors("Opening: ")
class RestoringTest {
    private static final Instant DAY = Instant.parse("2026-11-20T10:00:00Z");
    private static final List<String> SCRIPTS = List.of(
            "create table one (a int unique); create table word (w text primary key) without rowid;",
            "alter table one add column b int;");

    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, where commits are tested
    Path temp;

    private Path file;
    private Database database;
    private Instant now = DAY;

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
    void a_database_is_copied_once_a_day_and_three_copies_are_kept() throws IOException {
        for (int hour = 0; hour < 24 * 5; hour++) {
            insert(hour);
            new Backups(database, clock(), 0).takeIfDue();
            now = now.plus(Duration.ofHours(1));
        }
        Backups backups = new Backups(database, clock(), 0);

        assertThat(names("backups", "bitween-"))
                .containsExactly(
                        "bitween-20261122T100000Z.db",
                        "bitween-20261122T100000Z.db.seal",
                        "bitween-20261123T100000Z.db",
                        "bitween-20261123T100000Z.db.seal",
                        "bitween-20261124T100000Z.db",
                        "bitween-20261124T100000Z.db.seal");
        assertThat(names("backups", "")).hasSize(6);
        assertThat(backups.status().newestBackup()).isEqualTo(DAY.plus(Duration.ofDays(4)));
        assertThat(backups.status().backups()).isEqualTo(3);
        assertThat(backups.status().backupFailure()).isNull();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(file.resolveSibling("backups/bitween-20261124T100000Z.db"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_copy_holds_what_was_committed_while_another_transaction_was_open() throws Exception {
        insert(1);
        try (Connection other = Connections.writer(file)) {
            Database.execute(other, "begin immediate");
            Database.execute(other, "insert into one (a) values (2)");

            new Backups(database, clock(), 0).takeIfDue();

            Database.execute(other, "rollback");
        }
        try (Connection copy = Connections.reader(file.resolveSibling("backups/bitween-20261120T100000Z.db"))) {
            assertThat(Sql.rows(copy, "select a from one", row -> row.getInt(1)))
                    .containsExactly(1);
        }
    }

    @Test
    void a_backup_that_finds_no_room_is_told_once_and_the_next_is_made() throws IOException {
        Backups full = new Backups(database, clock(), Long.MAX_VALUE / 2);
        full.takeIfDue();
        var first = Objects.requireNonNull(full.status().backupFailure());
        full.takeIfDue();

        assertThat(first.code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(first.reason()).contains("no room for a backup of " + file);
        assertThat(full.status().backupFailure()).isEqualTo(first);
        assertThat(names("backups", "")).isEmpty();
        insert(1);

        Backups roomy = new Backups(database, clock(), 0);
        roomy.takeIfDue();
        assertThat(roomy.status().backups()).isEqualTo(1);
    }

    @Test
    void a_file_that_is_no_database_any_more_is_kept_aside_and_yesterdays_takes_its_place() throws Exception {
        insert(1);
        new Backups(database, clock(), 0).takeIfDue();
        insert(2);
        database.close();
        now = now.plus(Duration.ofHours(20));
        byte[] rubbish = "this is no database at all; ".repeat(400).getBytes(StandardCharsets.UTF_8);
        Files.write(file, rubbish);

        database = reopened();

        assertThat(numbers()).containsExactly(1);
        Restored restored = Objects.requireNonNull(database.restored());
        assertThat(restored.backup()).isEqualTo(DAY);
        assertThat(restored.when()).isEqualTo(now);
        assertThat(restored.why()).contains("not a database");
        assertThat(restored.setAside())
                .hasFileName("bitween.db.corrupt-20261121T060000Z")
                .hasBinaryContent(rubbish);
        assertThat(database.wasCleanlyClosed()).isFalse();
    }

    @Test
    void what_was_restored_is_told_until_the_damaged_file_is_removed() throws Exception {
        new Backups(database, clock(), 0).takeIfDue();
        database.close();
        overwrite(file, 4_096);
        database = reopened();
        Restored first = Objects.requireNonNull(database.restored());
        database.close();

        database = reopened();
        assertThat(database.restored()).isEqualTo(first);
        database.close();
        Files.delete(Objects.requireNonNull(first.setAside()));

        database = reopened();
        assertThat(database.restored()).isNull();
        assertThat(names("", "bitween.db.")).containsExactly("bitween.db.opened");
    }

    @Test
    void one_letter_that_turns_into_another_on_the_disk_is_noticed() throws Exception {
        word("bob@example.org");
        new Backups(database, clock(), 0).takeIfDue();
        database.close();
        FileTime written = Files.getLastModifiedTime(file);
        replace(file, "bob@example.org", "rob@example.org");
        Files.setLastModifiedTime(file, written);

        database = reopened();

        assertThat(words()).containsExactly("bob@example.org");
        assertThat(Objects.requireNonNull(database.restored()).why()).contains("other bytes than were written");
    }

    @Test
    void what_the_user_wrote_with_another_program_is_no_damage() throws Exception {
        insert(1);
        new Backups(database, clock(), 0).takeIfDue();
        database.close();
        try (Connection other = Connections.writer(file)) {
            Database.execute(other, "insert into one (a) values (9)");
        }

        database = reopened();

        assertThat(numbers()).containsExactly(1, 9);
        assertThat(database.restored()).isNull();
        assertThat(database.wasCleanlyClosed()).isFalse();
    }

    @Test
    void a_backup_that_is_damaged_too_is_passed_over() throws Exception {
        insert(1);
        new Backups(database, clock(), 0).takeIfDue();
        now = now.plus(Duration.ofDays(1));
        insert(2);
        new Backups(database, clock(), 0).takeIfDue();
        now = now.plus(Duration.ofDays(1));
        insert(3);
        new Backups(database, clock(), 0).takeIfDue();
        database.close();
        overwrite(file, 4_096);
        overwrite(file.resolveSibling("backups/bitween-20261122T100000Z.db"), 4_096);
        Path second = file.resolveSibling("backups/bitween-20261121T100000Z.db");
        FileTime written = Files.getLastModifiedTime(second);
        byte[] flipped = Files.readAllBytes(second);
        flipped[flipped.length - 1] ^= 1;
        Files.write(second, flipped);
        Files.setLastModifiedTime(second, written);

        database = reopened();

        assertThat(numbers()).containsExactly(1);
        assertThat(Objects.requireNonNull(database.restored()).backup()).isEqualTo(DAY);
    }

    @Test
    void without_a_backup_a_damaged_database_makes_place_for_an_empty_one() throws Exception {
        insert(1);
        database.close();
        overwrite(file, 0);

        database = reopened();

        assertThat(numbers()).isEmpty();
        assertThat(Objects.requireNonNull(database.restored()).backup()).isNull();
        assertThat(names("", "bitween.db.corrupt-")).hasSize(1);
    }

    @Test
    void a_row_that_makes_no_sense_is_no_reason_to_begin_anew_while_there_is_no_backup() throws Exception {
        Path whole = temp.resolve("whole/bitween.db");
        Database.open(whole, temp.resolve("native")).close();
        try (Connection other = Connections.writer(whole)) {
            Database.execute(other, "insert into blocked (jid, since_ms) values ('not an address', 1)");
        }

        assertThatThrownBy(() -> Database.open(whole, temp.resolve("native")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be understood, and there is no backup")
                .hasMessageContaining("blocked");
        assertThat(names("../whole", "bitween.db.")).isEmpty();
        try (Connection other = Connections.writer(whole)) {
            assertThat(Sql.rows(other, "select jid from blocked", row -> row.getString(1)))
                    .containsExactly("not an address");
        }
    }

    @Test
    void a_row_that_makes_no_sense_makes_place_for_the_backup() throws Exception {
        Path whole = temp.resolve("whole/bitween.db");
        try (Database first = Database.open(whole, temp.resolve("native"), clock())) {
            new Backups(first, clock(), 0).takeIfDue();
        }
        try (Connection other = Connections.writer(whole)) {
            Database.execute(other, "insert into blocked (jid, since_ms) values ('not an address', 1)");
        }

        try (Database again = Database.open(whole, temp.resolve("native"), clock())) {
            assertThat(Objects.requireNonNull(again.restored()).backup()).isEqualTo(DAY);
            assertThat(new FriendStore(again).blocked()).isEmpty();
        }
    }

    @Test
    void a_database_that_is_gone_or_empty_comes_back() throws Exception {
        insert(1);
        new Backups(database, clock(), 0).takeIfDue();
        database.close();
        Files.delete(file);
        database = reopened();
        assertThat(numbers()).containsExactly(1);
        database.close();
        Files.write(file, new byte[0]);

        database = reopened();

        assertThat(numbers()).containsExactly(1);
        assertThat(names("", "bitween.db.corrupt-")).isEmpty();
    }

    @Test
    void a_database_that_was_not_closed_is_opened_with_all_that_was_committed() throws Exception {
        insert(1);
        Path crashed = copyAsIs("crashed");

        try (Database again = Database.open(crashed, temp.resolve("native"), SCRIPTS, clock())) {
            assertThat(numbers(again)).containsExactly(1);
            assertThat(again.wasCleanlyClosed()).isFalse();
            assertThat(again.restored()).isNull();
        }
        try (Database again = Database.open(crashed, temp.resolve("native"), SCRIPTS, clock())) {
            assertThat(again.wasCleanlyClosed()).isTrue();
        }
    }

    @Test
    void also_in_a_database_that_was_not_closed_no_letter_turns_into_another_unnoticed() throws Exception {
        word("bob@example.org");
        new Backups(database, clock(), 0).takeIfDue();
        database.close();
        database = reopened();
        insert(1);
        Path crashed = copyAsIs("crashed");
        FileTime written = Files.getLastModifiedTime(crashed);
        replace(crashed, "bob@example.org", "rob@example.org");
        Files.setLastModifiedTime(crashed, written);

        try (Database again = Database.open(crashed, temp.resolve("native"), SCRIPTS, clock())) {
            assertThat(Objects.requireNonNull(again.restored()).why()).contains("other bytes than were written");
        }
    }

    @Test
    void changes_at_the_end_of_a_log_that_is_damaged_are_missed() throws Exception {
        insert(1);
        insert(2);
        Path crashed = copyAsIs("crashed");
        Path wal = crashed.resolveSibling("bitween.db-wal");
        byte[] bytes = Files.readAllBytes(wal);
        bytes[bytes.length - 1] ^= 1;
        Files.write(wal, bytes);

        try (Database again = Database.open(crashed, temp.resolve("native"), SCRIPTS, clock())) {
            Restored lost = Objects.requireNonNull(again.restored());
            assertThat(lost.why()).contains("the end of its log, 1 pages, is damaged");
            assertThat(lost.emptied()).isFalse();
            assertThat(lost.backup()).isNull();
            assertThat(lost.setAside()).hasBinaryContent(bytes);
            assertThat(numbers(again)).containsExactly(1);
        }
    }

    @Test
    void before_its_schema_changes_a_database_is_copied_as_it_was() throws Exception {
        Path old = temp.resolve("old/bitween.db");
        Database.open(old, temp.resolve("native"), SCRIPTS.subList(0, 1), clock())
                .close();
        assertThat(names("../old", "")).containsExactly("bitween.db", "bitween.db.seal");

        Database.open(old, temp.resolve("native"), SCRIPTS, clock()).close();

        try (Connection copy = Connections.reader(old.resolveSibling("backups/bitween-20261120T100000Z.db"))) {
            assertThat(Schema.version(copy)).isEqualTo(1);
        }
    }

    @Test
    void a_backup_of_an_older_schema_is_brought_up_to_date_when_it_is_restored() throws Exception {
        Path old = temp.resolve("old/bitween.db");
        try (Database first = Database.open(old, temp.resolve("native"), SCRIPTS.subList(0, 1), clock())) {
            first.change(c -> Sql.update(c, "insert into one values (7)"));
        }
        Database.open(old, temp.resolve("native"), SCRIPTS, clock()).close();
        overwrite(old, 0);

        try (Database restored = Database.open(old, temp.resolve("native"), SCRIPTS, clock())) {
            assertThat(numbers(restored)).containsExactly(7);
            restored.change(c -> Sql.update(c, "update one set b = 8"));
        }
    }

    @Test
    void a_stop_breaks_off_the_backup_and_leaves_nothing_of_it() throws IOException {
        Backups backups = new Backups(database, clock(), 0);
        backups.close();

        backups.takeIfDue();

        assertThat(names("backups", "")).isEmpty();
        assertThat(backups.status().backupFailure()).isNull();
    }

    private Database reopened() {
        return Database.open(file, temp.resolve("native"), SCRIPTS, clock());
    }

    private Clock clock() {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    /** What a crash leaves: the files as they are at this moment. */
    private Path copyAsIs(String name) throws IOException {
        Path folder = Files.createDirectory(
                temp.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String part : List.of("bitween.db", "bitween.db-wal", "bitween.db.opened")) {
            Files.copy(file.resolveSibling(part), folder.resolve(part), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return folder.resolve("bitween.db");
    }

    private void insert(int number) {
        database.change(c -> Sql.update(c, "insert into one (a) values (?)", number));
    }

    private void word(String word) {
        database.change(c -> Sql.update(c, "insert into word values (?)", word));
    }

    private List<Integer> numbers() {
        return numbers(database);
    }

    private static List<Integer> numbers(Database database) {
        return database.read(c -> Sql.rows(c, "select a from one order by rowid", row -> row.getInt(1)));
    }

    private List<String> words() {
        return database.read(c -> Sql.rows(c, "select w from word", row -> row.getString(1)));
    }

    private static void overwrite(Path file, int from) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, from, bytes.length, (byte) 0x55);
        Files.write(file, bytes);
    }

    private static void replace(Path file, String from, String to) throws IOException {
        int at = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(from);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(to.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private List<String> names(String folder, String prefix) throws IOException {
        Path directory = file.resolveSibling(folder.isEmpty() ? "." : folder).normalize();
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }
}
