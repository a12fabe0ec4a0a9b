package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.ExpectedErrors;
import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.Program.Ended;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database of a daemon that runs as users run it, when its file is damaged. */
@ExpectedErrors("Opening: ")
class StoreIT {
    private static final Duration BACKUP = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private TestServer server;
    private Program alice;

    @BeforeEach
    void set_up() throws IOException, InterruptedException {
        server = TestServer.start(directory, "alice");
        alice = Program.initialised(directory, server, "alice", server.at("alice"));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        alice.run("stop");
        server.close();
    }

    @Test
    void fsck_finds_nothing_wrong_with_a_daemon_nor_without_and_mends_what_can_be() throws Exception {
        alice.run("daemon");
        Folders.file(directory.resolve("a.bin"), 100_000, 1);
        alice.run("share", directory.resolve("a.bin").toString(), "--to", "everyone");

        Ended running = alice.run("fsck");
        alice.run("stop");
        Ended stopped = alice.run("fsck");
        try (Stream<Path> copies = Files.list(alice.home().resolve("torrents"))) {
            for (Path copy :
                    copies.filter(file -> file.toString().endsWith(".torrent")).toList()) {
                Files.delete(copy);
            }
        }
        Ended mended = alice.run("fsck");

        assertThat(running.output()).contains("1 of 1 shares and jobs have all").endsWith("all is well\n");
        assertThat(running.exitCode()).isZero();
        assertThat(stopped.output()).contains("1 of 1 shares and jobs have all").endsWith("all is well\n");
        assertThat(stopped.exitCode()).isZero();
        assertThat(mended.output())
                .contains("1 copies beside the database were missing")
                .endsWith("1 thing mended, 0 wrong\n");
        assertThat(mended.exitCode()).isZero();
    }

    @Test
    void a_damaged_database_is_set_aside_and_yesterdays_takes_its_place_with_a_word_to_the_user() throws Exception {
        Path database = alice.home().resolve("bitween.db");
        alice.run("daemon");
        Folders.file(directory.resolve("a.bin"), 100_000, 1);
        alice.run("share", directory.resolve("a.bin").toString(), "--to", "everyone");
        alice.run("stop");
        try (Stream<Path> old = Files.list(alice.home().resolve("backups"))) {
            for (Path file : old.toList()) {
                Files.delete(file); // made before there was a share
            }
        }
        alice.run("daemon");
        Awaitility.await("a backup")
                .atMost(BACKUP)
                .until(() -> alice.run("status", "--json").output().contains("\"backups\":1"));
        alice.run("stop");
        byte[] bytes = Files.readAllBytes(database);
        Arrays.fill(bytes, 3_000, 9_000, (byte) 0x55);
        Files.write(database, bytes);

        Ended started = alice.run("daemon");
        Ended status = alice.run("status");

        assertThat(started.exitCode()).as(started.output()).isZero();
        assertThat(started.output())
                .contains("the database: damaged: ")
                .contains("the database: restored as it was at ")
                .contains("the database: the damaged one is " + database + ".corrupt-");
        assertThat(status.output()).contains("database   damaged: ").contains("restored as it was at ");
        assertThat(alice.log()).contains("the database " + database + " is damaged");
        assertThat(alice.run("shares").output())
                .contains("a.bin")
                .contains("everyone")
                .contains("seeding");
    }
}
