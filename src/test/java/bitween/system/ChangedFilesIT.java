package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What its owner does to shared files while friends get them: nobody ever has anything but what was hashed. */
@Tag("xmpp-server")
class ChangedFilesIT {
    private static final int LARGE = 24_000_000;
    /** So that it is still on its way, however long the deed takes. */
    private static final long BYTES_PER_SECOND = 1_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private Path folder;
    private Path large;

    @BeforeEach
    void alice_shares_with_bob() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        folder = Files.createDirectories(directory.resolve("Film"));
        large = Folders.file(folder.resolve("film.mkv"), LARGE, 1);
        Folders.file(folder.resolve("readme.txt"), 1_000, 2);
        alice.share(folder);
        bob.untilListed(alice, "Film");
    }

    /** What happens to the large file in the middle. */
    enum Deed {
        OVERWRITTEN("STALE") {
            @Override
            void to(Path file, Random random) throws IOException {
                byte[] other = new byte[3_000_000];
                random.nextBytes(other);
                try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.seek(random.nextInt(LARGE - other.length));
                    open.write(other);
                }
            }
        },
        TRUNCATED("STALE") {
            @Override
            void to(Path file, Random random) throws IOException {
                try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.setLength(random.nextInt(LARGE));
                }
            }
        },
        DELETED("MISSING") {
            @Override
            void to(Path file, Random random) throws IOException {
                Files.delete(file);
            }
        },
        RENAMED("MISSING") {
            @Override
            void to(Path file, Random random) throws IOException {
                Files.move(file, file.resolveSibling("other name.mkv"));
            }
        },
        REPLACED("STALE") {
            @Override
            void to(Path file, Random random) throws IOException {
                Path other = Folders.file(file.resolveSibling(".new"), LARGE, 77);
                Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            }
        };

        private final String becomes;

        Deed(String becomes) {
            this.becomes = becomes;
        }

        abstract void to(Path file, Random random) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void nobody_completes_with_anything_but_what_was_hashed(Deed deed) throws IOException {
        Path before = Files.createDirectories(directory.resolve("before"));
        Folders.file(before.resolve("film.mkv"), LARGE, 1);
        Folders.file(before.resolve("readme.txt"), 1_000, 2);
        long seed = new Random().nextLong();
        bob.call("friend.limit", Map.of("friend", "alice", "down", BYTES_PER_SECOND));
        Answer job = bob.want("alice/Film");
        bob.until(
                "transfer.get",
                Map.of("name", "#" + job.text("id")),
                now -> now.text("state").equals("DOWNLOADING") && now.number("doneBytes") > 2_000_000);

        deed.to(large, new Random(seed));

        Answer share = alice.until(
                "transfer.get", Map.of("name", "Film"), now -> now.text("state").equals(deed.becomes));
        assertThat(share.view("error").text("hint")).isNotEmpty();
        assertThat(bob.call("ls", Map.of("path", alice.jid())).views("shares"))
                .as("stays in the list")
                .hasSize(1);
        bob.until(
                "ls",
                Map.of("path", alice.jid()),
                ls -> ls.views("shares").stream()
                        .flatMap(one -> one.views("devices").stream())
                        .anyMatch(device -> device.flag("unavailable")));
        assertThat(bob.want("alice/Film").text("id")).as("waits").isEqualTo(job.text("id"));
        assertThat(bob.downloads().resolve("Film")).as("seed %s", seed).doesNotExist();

        Folders.file(large, LARGE, 1);
        alice.until(
                "transfer.get", Map.of("name", "Film"), now -> now.text("state").equals("SEEDING"));
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        Answer got = bob.settled(job);
        assertThat(got.text("state")).as("seed %s", seed).isEqualTo("COMPLETE");
        Folders.assertSame(before, bob.downloads().resolve("Film"));
    }

    @Test
    void a_change_while_the_daemon_was_stopped_is_seen_when_it_starts() throws IOException {
        alice.stop();
        Folders.file(folder.resolve("readme.txt"), 1_000, 99);

        alice.start();

        Answer stale = alice.until(
                "transfer.get", Map.of("name", "Film"), now -> now.text("state").equals("STALE"));
        assertThat(stale.view("error").text("message")).contains("first 'readme.txt'");
        Answer shared = alice.share(folder);
        assertThat(shared.text("state")).isEqualTo("SEEDING");
        bob.get(shared.text("hash"));
        Folders.assertSame(folder, bob.downloads().resolve("Film"));
    }
}
