package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What matters more comes first, and what had to wait for it keeps what came. */
class PriorityIT {
    private static final int FILM = 20_000_000;
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

        Answer urgent = bob.settled(bob.call("job.get", Map.of("ref", "alice/song.bin", "priority", "high"))
                .view("transfer"));

        assertThat(urgent.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.call("transfer.get", Map.of("name", "film.bin")).text("state"))
                .as("5 s are left of it")
                .isNotEqualTo("COMPLETE");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        assertThat(bob.settled(slow).text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
        long sent = alice.until(
                        "transfer.get", Map.of("name", "film.bin"), share -> share.number("uploadedBytes") >= FILM)
                .number("uploadedBytes");
        assertThat(sent).as("all but what was on its way").isLessThan(FILM + ON_ITS_WAY);
    }
}
