package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Program;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bitween daemon --exit-when}, as a script uses it. */
@Tag("xmpp-server")
class ExitWhenIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private People people;
    private TestDaemon alice;
    private Program bob;

    @BeforeEach
    void friends() throws IOException, InterruptedException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = Program.initialised(
                directory, people.server(), "bob", people.server().at("bob"));
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        bob.run("stop");
        people.close();
    }

    @Test
    void done_ends_well_exactly_after_the_last_job_is_verified() throws Exception {
        Path one = Folders.file(directory.resolve("one.bin"), 100_000, 1);
        Path two = Folders.file(directory.resolve("two.bin"), 3_000_000, 2);
        alice.share(one);
        alice.share(two);
        befriend();
        bob.run("daemon");
        until("ls", "two.bin", "alice");
        alice.stop();
        assertThat(bob.run("get", "alice/one.bin").exitCode()).isZero();
        assertThat(bob.run("get", "alice/two.bin").exitCode()).isZero();
        bob.run("stop");

        Process waiting = bob.start("daemon", "--foreground", "--exit-when", "done");
        until("jobs", "waits for a friend");
        assertThat(waiting.isAlive()).isTrue();
        alice.start();

        assertThat(waiting.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).as(bob.printed()).isZero();
        assertThat(bob.printed()).contains("stopping: --exit-when done").contains("stopped in");
        assertThat(downloaded("one.bin")).hasSameBinaryContentAs(one);
        assertThat(downloaded("two.bin")).hasSameBinaryContentAs(two);
    }

    @Test
    void seeded_ends_when_all_was_offered_for_so_long_and_what_failed_shows_in_the_exit_code() throws Exception {
        Path file = Folders.file(directory.resolve("short.bin"), 100_000, 1);
        bob.run("daemon");
        assertThat(bob.run("share", file.toString(), "--to", "everyone").exitCode())
                .isZero();
        bob.run("stop");

        Process seeding = bob.start("daemon", "--foreground", "--exit-when", "seeded:1s");

        assertThat(seeding.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(seeding.exitValue()).as(bob.printed()).isZero();
        assertThat(bob.printed()).contains("stopping: --exit-when seeded:1s");

        Folders.file(file, 50_000, 1);
        Process failing = bob.start("daemon", "--foreground", "--exit-when", "seeded:1s");

        assertThat(failing.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(failing.exitValue()).as(bob.printed()).isEqualTo(1);
        assertThat(bob.printed()).contains("and something has failed");
    }

    private void befriend() throws IOException, InterruptedException {
        alice.untilOnline();
        bob.run("daemon");
        alice.call("friend.add", Map.of("jid", bob.jid()));
        until("friends", "asks to be");
        bob.run("friend", "accept", "alice");
    }

    private void until(String command, String shown, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = command;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Awaitility.await(command + " shows " + shown)
                .atMost(SOON)
                .until(() -> bob.run(all).output().contains(shown));
    }

    private Path downloaded(String name) {
        return bob.home().resolve("downloads").resolve(name);
    }
}
