package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, between two whole daemons with real libtorrent over a real XMPP server. */
@Tag("xmpp-server")
class ShareAndGetIT {
    private static final int LARGE = 8_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
    }

    @Test
    void a_folder_is_listed_got_by_name_and_is_the_same_to_the_last_byte() throws IOException {
        Path folder = Folders.holiday(directory, "Holiday 😀 2026", LARGE);

        Answer share = alice.share(folder);
        bob.untilListed(alice, "Holiday");
        Answer job = bob.get("alice/Holiday 😀 2026");

        assertThat(share.text("state")).isEqualTo("SEEDING");
        assertThat(job.text("state")).isEqualTo("COMPLETE");
        Folders.assertSame(folder, bob.downloads().resolve("Holiday 😀 2026"));
        assertThat(bob.downloads()).isDirectoryNotContaining("glob:**.bitween-*");
    }

    @Test
    void a_hash_that_nobody_holds_yet_is_a_job_that_waits_and_begins_by_itself() throws IOException {
        Path file = Folders.file(directory.resolve("later.bin"), 300_000, 5);
        Answer first = alice.share(file);
        bob.untilListed(alice, "later.bin");
        alice.call("share.rm", Map.of("name", "later.bin"));
        bob.until(
                "ls", Map.of("path", alice.jid()), ls -> !ls.fields().toString().contains("later.bin"));

        Answer waiting = bob.want(first.text("hash"));
        Answer other = alice.share(file);
        bob.untilListed(alice, "later.bin");
        Answer second = bob.get(other.text("hash"));

        assertThat(waiting.text("state")).isEqualTo("WAITING_FOR_FRIEND");
        assertThat(other.text("hash")).as("each share has its own salt").isNotEqualTo(first.text("hash"));
        assertThat(second.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("later.bin")).hasSameBinaryContentAs(file);
    }

    @Test
    void nothing_but_empty_files_and_folders_is_got_without_bittorrent() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("Hollow"));
        Files.createFile(folder.resolve("nothing.txt"));
        Files.createDirectories(folder.resolve("room/inner room"));

        alice.share(folder);
        bob.untilListed(alice, "Hollow");
        Answer job = bob.get("alice/Hollow");

        assertThat(job.text("state")).isEqualTo("COMPLETE");
        Folders.assertSame(folder, bob.downloads().resolve("Hollow"));
    }

    @Test
    void what_is_here_already_is_said_and_not_touched() throws IOException {
        Path file = Folders.file(directory.resolve("song.ogg"), 100_000, 7);
        Answer share = alice.share(file);
        bob.untilListed(alice, "song.ogg");
        bob.get("alice/song.ogg");
        Path got = bob.downloads().resolve("song.ogg");
        Object before = Files.getLastModifiedTime(got);

        Answer again = bob.get(share.text("hash"));

        assertThat(again.text("state")).isEqualTo("COMPLETE");
        assertThat(again.text("place")).isEqualTo(got.toString());
        assertThat(Files.getLastModifiedTime(got)).isEqualTo(before);
        assertThat(bob.call("jobs").views("jobs")).hasSize(1);
    }

    @Test
    void a_friend_who_is_away_is_browsed_down_to_files_that_nobody_had_looked_at() throws IOException {
        alice.share(Folders.holiday(directory, "Holiday", 100_000));
        bob.untilListed(alice, "Holiday");
        Awaitility.await().until(this::treesOfBob, trees -> trees == 1);

        alice.stop();
        bob.until("friends", Map.of(), friends -> !TestDaemon.seesOnline(friends, alice.jid()));
        bob.stop();
        bob.start();
        Answer files = bob.call("ls", Map.of("path", "alice/Holiday", "deep", true));

        Answer search = bob.call("find", Map.of("words", "holi", "type", "file"));

        assertThat(files.view("friend").flag("online")).isFalse();
        assertThat(files.views("entries")).hasSizeGreaterThan(3);
        assertThat(search.views("found"))
                .hasSizeGreaterThan(3)
                .allMatch(found -> found.text("share").equals("Holiday") && !found.flag("online"));
    }

    @Test
    void shares_seed_again_after_a_restart_and_downloads_are_not_announced() throws IOException {
        Path file = Folders.file(directory.resolve("film.mkv"), 2_000_000, 9);
        Answer share = alice.share(file);
        bob.untilListed(alice, "film.mkv");
        bob.get("alice/film.mkv");

        alice.stop();
        bob.until("friends", Map.of(), friends -> !TestDaemon.seesOnline(friends, alice.jid()));
        Answer cached = bob.call("ls", Map.of("path", alice.jid()));
        alice.start();
        bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
        bob.call("job.rm", Map.of("name", "film.mkv", "withFiles", true));
        assertThat(bob.downloads().resolve("film.mkv")).doesNotExist();
        Answer again = bob.get("alice/film.mkv");

        assertThat(cached.fields().toString()).contains("film.mkv");
        assertThat(again.text("state")).isEqualTo("COMPLETE");
        assertThat(again.text("hash")).isEqualTo(share.text("hash"));
        assertThat(alice.call("ls", Map.of("path", bob.jid())).fields().toString())
                .doesNotContain("film.mkv");
    }

    @Test
    void a_download_that_was_cut_off_by_a_restart_goes_on() throws IOException {
        Path file = Folders.file(directory.resolve("slow.bin"), 6_000_000, 3);
        alice.close();
        Files.delete(alice.home().configFile());
        alice = people.start("alice", Map.of("network.upload_bytes_per_second", 1_500_000));
        bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
        alice.share(file);
        bob.untilListed(alice, "slow.bin");
        Answer job = bob.want("alice/slow.bin");
        bob.until(
                "transfer.wait",
                Map.of("id", job.number("id"), "timeoutMs", 100),
                answer -> answer.number("doneBytes") > 1_000_000);

        bob.stop();
        bob.start();
        Answer resumed = bob.until(
                "transfer.wait",
                Map.of("id", job.number("id"), "timeoutMs", 100),
                answer -> answer.number("doneBytes") > 0);
        Answer done = bob.settled(job);

        assertThat(resumed.number("doneBytes")).isGreaterThan(900_000);
        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("slow.bin")).hasSameBinaryContentAs(file);
    }

    @Test
    void unknown_names_are_refused_with_what_to_do() {
        assertThatThrownBy(() -> bob.call("job.get", Map.of("ref", "alice/Holliday")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SHARE));
        assertThatThrownBy(() -> bob.call("job.get", Map.of("ref", "carol/Holiday")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND));
        assertThatThrownBy(() -> alice.call(
                        "share.add", Map.of("path", directory.resolve("nowhere").toString())))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_MISSING));
    }

    private long treesOfBob() throws SQLException {
        try (Connection database =
                        DriverManager.getConnection("jdbc:sqlite:" + bob.home().database());
                Statement statement = database.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from friend_tree")) {
            return count.getLong(1);
        }
    }
}
