package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A share that is moved to another file system and back by a daemon that is killed meanwhile. */
class MoveIT {
    private static final int KILLS = Boolean.getBoolean("bitween.long") ? 60 : 4;
    /** Copied and compared in about a second. */
    private static final int LARGE = 200_000_000;

    private static final int KILLED_WITHIN_MS = 1_500;
    private static final Duration READY = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private TestServer server;
    private Program alice;
    private Path here;
    private Path there;
    private Path reference;

    @BeforeEach
    void a_share_and_two_file_systems() throws Exception {
        there = onAnotherFileSystem();
        here = Files.createDirectories(directory.resolve("here"));
        reference = film(directory.resolve("reference"));
        film(here.resolve("Film"));
        server = TestServer.start(directory, "alice");
        alice = Program.initialised(directory, server, "alice", server.at("alice"));
        started();
        Program.Ended shared = alice.run("share", here.resolve("Film").toString(), "--to", "everyone");
        assertThat(shared.exitCode()).as(shared.output()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        alice.run("stop");
        server.close();
        try (Stream<Path> left = Files.walk(there)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void whenever_the_daemon_is_killed_the_share_is_whole_in_one_of_the_places_and_arrives() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path from = here;
        Path to = there;
        for (int kill = 0; kill < KILLS; kill++) {
            String where = "seed " + seed + ", kill " + kill;
            long pid = alice.pid();
            Process command = alice.start("move", "Film", to.toString());
            boolean done = command.waitFor(random.nextInt(KILLED_WITHIN_MS), TimeUnit.MILLISECONDS);
            Program.kill("KILL", pid);
            Program.awaitEnd(pid, READY);
            command.waitFor();

            assertThat(isWhole(from.resolve("Film")) || isWhole(to.resolve("Film")))
                    .as(where)
                    .isTrue();

            started();
            Awaitility.await(where)
                    .atMost(READY)
                    .until(() -> alice.run("shares").output(), shares -> shares.contains("seeding"));
            boolean arrived = Files.exists(to.resolve("Film"));
            assertThat(arrived || !done).as(where).isTrue();
            Path place = (arrived ? to : from).resolve("Film");
            assertThat(alice.run("info", "Film").output()).as(where).contains(place.toString());
            Folders.assertSame(reference, place);
            Path other = (arrived ? from : to).resolve("Film");
            Awaitility.await(where).atMost(READY).until(() -> !Files.exists(other));
            if (arrived) {
                Path back = from;
                from = to;
                to = back;
            }
        }
        assertThat(hidden(here)).isEmpty();
        assertThat(hidden(there)).isEmpty();
    }

    private void started() throws Exception {
        Program.Ended started = alice.run("daemon");
        assertThat(started.exitCode()).as(started.output()).isZero();
    }

    private boolean isWhole(Path film) throws IOException {
        for (String name : List.of("film.mkv", "readme.txt", "extras/making of.mkv")) {
            Path file = film.resolve(name);
            if (!Files.exists(file) || Files.mismatch(file, reference.resolve(name)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static Path film(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("extras"));
        Folders.file(folder.resolve("film.mkv"), LARGE, 1);
        Folders.file(folder.resolve("readme.txt"), 1_000, 2);
        Folders.file(folder.resolve("extras/making of.mkv"), LARGE / 10, 3);
        return folder;
    }

    private static List<Path> hidden(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(path -> path.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private Path onAnotherFileSystem() throws IOException {
        for (String other : List.of("/dev/shm", System.getProperty("java.io.tmpdir"), "target")) {
            Path folder = Path.of(other).toAbsolutePath();
            if (Files.isWritable(folder) && !Files.getFileStore(folder).equals(Files.getFileStore(directory))) {
                return Files.createTempDirectory(folder, "bitween-there-");
            }
        }
        assumeTrue(false, "there is no second file system");
        return directory;
    }
}
