package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.config.Home;
import bitween.link.DeviceKey;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.InfoHash;
import bitween.model.UserException;
import bitween.store.Backups;
import bitween.store.Database;
import bitween.store.NewTransfer;
import bitween.store.TorrentStore;
import bitween.testing.ExpectedErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ExpectedErrors("Opening: ")
class HomeCheckTest {
    private static final InfoHash HASH = new InfoHash("a".repeat(40));
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    @TempDir
    Path temp;

    private Home home;

    @BeforeEach
    void a_home_with_a_backup() {
        home = Home.in(temp.resolve("home"));
        home.createDirectories();
        DeviceKey.open(home.deviceKey());
        try (Database database = Database.open(home.database(), home.natives())) {
            new Backups(database, Clock.systemUTC()).takeIfDue();
        }
    }

    @Test
    void where_nothing_is_wrong_all_is_well() {
        assertThat(HomeCheck.withoutDaemon(home))
                .extracting(Finding::check, Finding::state)
                .allSatisfy(found -> assertThat(found.toList().get(1)).isEqualTo(Finding.State.OK))
                .extracting(found -> found.toList().get(0))
                .containsExactly(
                        "database",
                        "references",
                        "resume",
                        "backups",
                        "transfers",
                        "copies",
                        "links",
                        "device key",
                        "modes");
    }

    @Test
    void a_home_with_a_daemon_is_left_to_it() {
        try (var lock = InstanceLock.take(home.lock())) {
            assertThatThrownBy(() -> HomeCheck.withoutDaemon(home))
                    .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                    .returns(ErrorCode.ALREADY_RUNNING, UserException::code);
            assertThat(lock).isNotNull();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_others_can_read_is_closed_to_them() throws Exception {
        Files.setPosixFilePermissions(home.deviceKey(), PosixFilePermissions.fromString("rw-r-----"));
        Path backup = backup();
        Files.setPosixFilePermissions(backup, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(home.deviceKey(), PosixFilePermissions.fromString("rw-------"));

        assertThat(found("modes").state()).isEqualTo(Finding.State.MENDED);
        assertThat(found("modes").state()).isEqualTo(Finding.State.OK);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rw-------");
    }

    @Test
    void links_to_what_is_here_no_longer_go() throws Exception {
        Path orphan = Files.createDirectory(home.links().resolve(HASH.hex()));
        Files.createSymbolicLink(orphan.resolve("music"), temp);

        assertThat(found("links").state()).isEqualTo(Finding.State.MENDED);
        assertThat(orphan).doesNotExist();
        assertThat(temp).exists();
    }

    @Test
    void a_copy_whose_row_is_about_to_be_stored_is_not_taken_for_lost() throws Exception {
        Path copy = Files.createDirectories(home.data().resolve("torrents")).resolve(HASH.hex() + ".torrent");
        Files.createFile(copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

        assertThat(statesOf("copies")).containsOnly(Finding.State.OK);

        Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minusSeconds(120)));
        assertThat(statesOf("copies")).contains(Finding.State.WRONG);
    }

    @Test
    void a_damaged_backup_and_a_damaged_key_are_named_and_left() throws Exception {
        Path backup = backup();
        Files.writeString(backup, "no database");
        Files.writeString(home.deviceKey(), "no key");

        assertThat(found("backups").state()).isEqualTo(Finding.State.WRONG);
        assertThat(found("backups").what()).startsWith(backup + " is damaged: ");
        assertThat(found("backups").code()).isEqualTo(ErrorCode.STORE_DAMAGED);
        assertThat(found("device key").code()).isEqualTo(ErrorCode.KEY_DAMAGED);
        assertThat(backup).hasContent("no database");
        assertThat(home.deviceKey()).hasContent("no key");
    }

    @Test
    void a_share_whose_files_are_gone_is_named() {
        try (Database database = Database.open(home.database(), home.natives())) {
            new TorrentStore(database).insert(NewTransfer.share("music", temp.resolve("gone"), Audience.EVERYONE, NOW));
        }

        assertThat(found("transfers").code()).isEqualTo(ErrorCode.PATH_MISSING);
        assertThat(found("transfers").what())
                .contains("'music'")
                .contains("are gone: nothing is at " + temp.resolve("gone"));
    }

    @Test
    void resume_data_of_somebody_else_are_removed() throws Exception {
        try (Database database = Database.open(home.database(), home.natives())) {
            TorrentStore store = new TorrentStore(database);
            var id = store.insert(NewTransfer.job("film", temp.resolve("film"), HASH, temp, null, NOW));
            store.saveStaging(id, temp.resolve("film.part"));
            store.resume().save(HASH, Bytes.of(new byte[10]));
        }
        assertThat(found("resume").state()).isEqualTo(Finding.State.OK);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home.database());
                var statement = connection.createStatement()) {
            statement.executeUpdate("update resume set data = zeroblob(50)");
        }

        assertThat(found("resume").state()).isEqualTo(Finding.State.MENDED);
        try (Database database = Database.open(home.database(), home.natives())) {
            assertThat(new TorrentStore(database).all().get(0).hasResume()).isFalse();
        }
    }

    @Test
    void what_a_damaged_database_was_replaced_by_is_told() throws Exception {
        Files.writeString(home.database(), "damaged".repeat(1_000));

        assertThat(found("restored").state()).isEqualTo(Finding.State.WRONG);
        assertThat(found("database").state()).isEqualTo(Finding.State.OK);
    }

    @Test
    void a_password_that_others_can_read_is_named_with_what_to_do_and_one_of_ours_is_closed_to_them() throws Exception {
        Path directory = Files.createDirectory(
                temp.resolve("config"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        home = new Home(directory, home.data(), home.runtime(), home.logs(), home.downloads());
        Path file = home.passwordFile();
        Files.writeString(file, "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        Finding named = HomeCheck.password(file);

        assertThat(named.code()).isEqualTo(ErrorCode.HOME_UNSAFE);
        assertThat(named.what()).isEqualTo("other users can use " + file + " (mode 0644)");
        assertThat(named.hint()).isEqualTo("chmod 600 '" + file + "'");
        assertThat(found("modes").what()).isEqualTo("others could read [" + file + "]");
        assertThat(HomeCheck.password(file).state()).isEqualTo(Finding.State.OK);
        assertThat(HomeCheck.password(null).state()).isEqualTo(Finding.State.OK);
        assertThat(HomeCheck.password(temp.resolve("none")).code()).isEqualTo(ErrorCode.NOT_CONFIGURED);
    }

    private Path backup() throws IOException {
        try (Stream<Path> files = Files.list(home.data().resolve("backups"))) {
            return files.filter(file -> file.toString().endsWith(".db"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Finding found(String check) {
        List<Finding> findings = HomeCheck.withoutDaemon(home);
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError(findings.toString()));
    }

    private List<Finding.State> statesOf(String check) {
        return HomeCheck.withoutDaemon(home).stream()
                .filter(finding -> finding.check().equals(check))
                .map(Finding::state)
                .toList();
    }
}
