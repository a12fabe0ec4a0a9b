package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Program;
import bitween.testing.Program.Ended;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that another program reads while they come from a slow friend. */
class StreamIT {
    private static final int OTHER = 40_000_000;
    private static final int FILM = 6_000_000;
    /** A command may take its time to start: half of what else there is takes twenty seconds. */
    private static final int RATE = 1_000_000;

    private static final int BEGINNING = 1_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon bob;
    private Path film;
    private String bobs;

    @BeforeEach
    void alice_is_slow() throws IOException {
        people = People.on(directory, "alice", "bob");
        TestDaemon alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        Path box = directory.resolve("Box");
        Folders.file(box.resolve("1 other"), OTHER, 1);
        film = Folders.file(box.resolve("9 film"), FILM, 2);
        alice.share(box);
        bob.untilListed(alice, "Box");
        bob.call("friend.limit", Map.of("friend", "alice", "down", RATE));
        bobs = "scripts/bitween --home " + bob.home().data();
    }

    @Test
    void the_first_bytes_are_read_long_before_the_last_has_come() throws Exception {
        Process get = start("get 'alice/Box/9 film' -");

        try (InputStream out = get.getInputStream()) {
            byte[] beginning = out.readNBytes(BEGINNING);
            Answer then = bob.call("transfer.get", Map.of("name", "Box"));
            bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
            byte[] rest = out.readAllBytes();

            assertThat(then.text("state")).isEqualTo("DOWNLOADING");
            assertThat(then.number("doneBytes")).isLessThan(FILM - BEGINNING);
            byte[] wanted = Files.readAllBytes(film);
            assertThat(beginning).isEqualTo(Arrays.copyOf(wanted, BEGINNING));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(wanted, BEGINNING, FILM));
        }
        assertThat(get.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(get.exitValue()).isZero();
        assertThat(bob.downloads().resolve("Box/9 film")).hasSameBinaryContentAs(film);
    }

    @Test
    void a_file_that_is_read_comes_before_what_else_its_job_gets() {
        bob.want("alice/Box");
        Answer job = bob.until(
                "transfer.get", Map.of("name", "Box"), now -> now.text("state").equals("DOWNLOADING"));
        long until = 0;
        for (int read = 0; until < BEGINNING; read++) {
            assertThat(read).as("answers that were waited for").isLessThan(100);
            until = read(job, until);
        }

        assertThat(bob.call("transfer.get", Map.of("name", "Box")).number("doneBytes"))
                .as("what lies before the film in the share has not come first")
                .isLessThan(OTHER / 2);
    }

    @Test
    void a_file_of_a_job_that_gets_all_ends_long_before_the_job_does() throws Exception {
        bob.want("alice/Box");
        bob.until(
                "transfer.get", Map.of("name", "Box"), now -> now.text("state").equals("DOWNLOADING"));

        Process get = start("get 'alice/Box/9 film' -");
        byte[] read = get.getInputStream().readAllBytes();

        assertThat(get.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Answer then = bob.call("transfer.get", Map.of("name", "Box"));
        assertThat(get.exitValue()).isZero();
        assertThat(read).isEqualTo(Files.readAllBytes(film));
        assertThat(then.text("state")).isEqualTo("DOWNLOADING");
        assertThat(then.number("doneBytes")).isLessThan(FILM + OTHER / 2);
    }

    @Test
    void who_reads_no_further_ends_it_cleanly_and_the_job_goes_on() throws Exception {
        Ended head = Program.runToEnd(
                directory,
                "bash",
                "-c",
                bobs + " get 'alice/Box/9 film' - | head -c " + BEGINNING + " | cmp - <(head -c " + BEGINNING + " '"
                        + film + "'); echo \"${PIPESTATUS[@]}\"");

        assertThat(head.output()).endsWith("141 0 0\n").contains("nobody reads the rest", "rm '#1' forgets it");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        bob.settled(bob.call("transfer.get", Map.of("name", "Box")));
        assertThat(bob.downloads().resolve("Box/9 film")).hasSameBinaryContentAs(film);
    }

    @Test
    void a_file_that_is_here_is_written_again_unless_it_was_changed_in_its_place() throws Exception {
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        bob.settled(bob.want("alice/Box/9 film"));
        Path placed = bob.downloads().resolve("Box/9 film");

        Ended again = Program.runToEnd(
                directory,
                "bash",
                "-c",
                bobs + " get 'alice/Box/9 film' - | cmp - '" + film + "'; echo ${PIPESTATUS[@]}");
        try (RandomAccessFile file = new RandomAccessFile(placed.toFile(), "rw")) {
            int first = file.read();
            file.seek(0);
            file.write(first + 1);
        }
        Ended changed = Program.runToEnd(
                directory, "bash", "-c", bobs + " get 'alice/Box/9 film' - | wc -c; echo ${PIPESTATUS[@]}");

        assertThat(again.output()).isEqualTo("0 0\n");
        assertThat(changed.output())
                .contains(
                        placed + " was changed here: it is not what was got any more",
                        "recheck '#1' brings back what the friend has")
                .endsWith("0\n1 0\n");
    }

    private long read(Answer job, long offset) {
        return bob.call("job.read", Map.of("id", job.number("id"), "path", "9 film", "offset", offset))
                .number("until");
    }

    private Process start(String command) throws IOException {
        return new ProcessBuilder("sh", "-c", "exec " + bobs + " " + command)
                .directory(Path.of("").toAbsolutePath().toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }
}
