package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.ConfigFile;
import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is changed while bytes move. */
@Tag("xmpp-server")
class ConfigIT {
    private static final int BYTES = 6_000_000;
    private static final long SLOW = 100_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void people() throws IOException {
        people = People.on(directory, "alice", "bob");
    }

    @Test
    void a_limit_for_all_ends_as_soon_as_the_daemon_is_told_to_look() throws IOException {
        TestDaemon alice = people.start("alice", Map.of("network.upload_bytes_per_second", SLOW));
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        alice.share(Folders.file(directory.resolve("film.bin"), BYTES, 1));
        bob.untilListed(alice, "film.bin");
        Answer job = bob.want("alice/film.bin");
        bob.until(
                "transfer.get", Map.of("name", "#" + job.text("id")), now -> now.number("downloadBytesPerSecond") > 0);

        ConfigFile.set(alice.home(), directory, "network.upload_bytes_per_second", 0);
        ConfigFile.set(alice.home(), directory, "network.port", 6_881);
        Answer taken = alice.call("config.reload");
        long begin = System.nanoTime();
        Answer done = bob.settled(job);

        assertThat(taken.texts("live")).containsExactly("network.upload_bytes_per_second");
        assertThat(taken.texts("restart")).containsExactly("network.port");
        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(BYTES / SLOW / 3));
        assertThat(alice.call("config.reload").texts("live")).isEmpty();
        assertThat(alice.call("config.reload").texts("restart")).as("still").containsExactly("network.port");
    }
}
