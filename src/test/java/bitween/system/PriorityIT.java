package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What matters more comes first, and what had to wait for it keeps what came. */
class PriorityIT {
    private static final int FILM = 20_000_000;
    private static final int FILE = 6_000_000;
    /** What may wait to be sent (SessionSettings) when a connection ends, and a piece. */
    private static final long ON_ITS_WAY = (4 << 20) + (1 << 20);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void server() throws IOException {
        people = People.on(directory, "alice", "bob");
    }

    @Test
    void what_matters_more_takes_the_turn_of_what_downloads_which_goes_on_afterwards() throws IOException {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob", Map.of("downloads.active", 1));
        alice.befriend(bob);
        Path film = Folders.file(directory.resolve("film.bin"), FILM, 1);
        alice.share(film);
        alice.share(Folders.file(directory.resolve("song.bin"), 100_000, 2));
        bob.untilListed(alice, "film.bin");
        bob.untilListed(alice, "song.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 2_000_000));
        Answer slow = bob.want("alice/film.bin");
        bob.until("transfer.get", Map.of("name", "film.bin"), job -> job.number("doneBytes") > 7_000_000);

        bob.call("friend.limit", Map.of("friend", "alice", "down", 500_000));
        Answer urgent = bob.settled(bob.call("job.get", Map.of("ref", "alice/song.bin", "priority", "high"))
                .view("transfer"));

        assertThat(urgent.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.call("transfer.get", Map.of("name", "film.bin")).text("state"))
                .as("20 s are left of it")
                .isNotEqualTo("COMPLETE");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        assertThat(bob.settled(slow).text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
        long sent = alice.until(
                        "transfer.get", Map.of("name", "film.bin"), share -> share.number("uploadedBytes") >= FILM)
                .number("uploadedBytes");
        assertThat(sent).as("all but what was on its way").isLessThan(FILM + ON_ITS_WAY);
    }

    @Test
    void of_a_job_some_files_come_first_also_after_a_restart() throws IOException {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        Path box = directory.resolve("box");
        for (String name : List.of("1 last", "2 usual", "3 first")) {
            Folders.file(box.resolve(name), FILE, name.hashCode());
        }
        alice.share(box);
        bob.untilListed(alice, "box");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 50_000)); // while it is said what comes first
        Answer job = bob.want("alice/box");
        bob.until("transfer.get", Map.of("name", "box"), now -> now.has("files"));
        bob.call("job.priority", Map.of("name", "box/1*", "priority", "low"));
        bob.call("job.priority", Map.of("name", "box/3 FIRST", "priority", "high"));
        bob.stop();
        bob.start();
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_500_000));

        bob.until("transfer.get", Map.of("name", "box"), now -> now.number("doneBytes") >= FILE * 3 / 2);
        bob.call("job.pause", Map.of("name", "box"));

        Path staged = staged(bob.downloads());
        assertThat(different(staged.resolve("3 first"), box.resolve("3 first"))).isZero();
        assertThat(different(staged.resolve("1 last"), box.resolve("1 last")))
                .as("the usual one is not here yet: of the last some neighbours")
                .isGreaterThan(FILE / 2);
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        bob.call("job.resume", Map.of("name", "box"));
        bob.settled(job);
        Folders.assertSame(box, bob.downloads().resolve("box"));
    }

    private static Path staged(Path downloads) throws IOException {
        try (Stream<Path> all = Files.walk(downloads)) {
            return all.filter(path -> path.endsWith("box") && Files.isDirectory(path))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** How many bytes are not as in the other. */
    private static int different(Path file, Path other) throws IOException {
        byte[] is = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        byte[] wanted = Files.readAllBytes(other);
        return (int) IntStream.range(0, wanted.length)
                .filter(i -> i >= is.length || is[i] != wanted[i])
                .count();
    }
}
