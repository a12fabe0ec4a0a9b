package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.UserException;
import bitween.testing.ChildDaemon;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower that is killed while a newer revision comes, and while its files take their places. */
@Tag("faults")
class FollowKillIT {
    private static final int ROUNDS = Boolean.getBoolean("bitween.long") ? 30 : 2;
    private static final int KILLS = 3;
    private static final int FILES = 2_000;
    private static final int SIZE = 2_000;
    /** From the first name to the last. */
    private static final int PLACING_MS = 40;

    private static final int COMING_MS = 2_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(1);

    @TempDir
    Path directory;

    private TestServer server;
    private TestDaemon alice;
    private TestDaemon bob;
    private Path theirs;
    private Path ours;
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    /** How many names of the newest revision are here before it comes. */
    private long before;

    @BeforeEach
    void a_follower_with_the_first_revision() throws Exception {
        server = TestServer.start(directory, "alice", "bob");
        alice = TestDaemon.started(directory, server, "alice");
        bob = TestDaemon.started(directory, server, "bob");
        alice.befriend(bob);
        theirs = Files.createDirectories(directory.resolve("Garden"));
        for (int i = 0; i < FILES; i++) {
            Folders.file(theirs.resolve("file " + i), SIZE, i);
        }
        alice.settled(alice.call("share.add", Map.of("path", theirs.toString(), "mode", "LIVE")));
        bob.untilListed(alice, "Garden");
        bob.call("follow.add", Map.of("ref", "alice/Garden", "auto", true, "mirror", true));
        untilSame();
        ours = bob.downloads().resolve("Garden");
        bob.stop();
    }

    @AfterEach
    void stop() throws IOException {
        bob.close();
        alice.close();
        server.close();
    }

    @Test
    void whenever_it_is_killed_nothing_is_lost_and_the_newest_revision_arrives() throws Exception {
        int salt = FILES;
        int mixtures = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String where = "seed " + seed + ", round " + round;
            salt = change(salt);
            before = names();
            String mine = "mine " + round;
            Files.writeString(ours.resolve("file 0"), mine);
            Files.writeString(ours.resolve("notes " + round), mine);

            for (int kill = 0; kill < KILLS; kill++) {
                killedOnce();
                mixtures += isMixture() ? 1 : 0;
                assertThat(ours.resolve("notes " + round)).as(where).hasContent(mine);
                assertThat(contents()).as(where).contains(mine.hashCode());
            }

            bob.start();
            untilSame();
            assertThat(ours.resolve("notes " + round)).as(where).hasContent(mine);
            assertThat(contents()).as(where).contains(mine.hashCode());
            for (Path own : own()) {
                Files.delete(own);
            }
            Folders.assertSame(theirs, ours);
            try (Stream<Path> beside = Files.list(bob.downloads())) {
                assertThat(beside).as(where).containsExactly(ours);
            }
            bob.stop();
        }
        System.out.println(mixtures + " of " + ROUNDS * KILLS + " kills left a folder between two revisions");
    }

    /** Whether something of the newer revision has its name, and that revision does not count as complete. */
    private boolean isMixture() throws IOException {
        boolean unfinished;
        try (Stream<Path> beside = Files.list(bob.downloads())) {
            unfinished = beside.anyMatch(path -> path.getFileName().toString().startsWith(".bitween-"));
        }
        return unfinished && names() > before;
    }

    private String firstAdded() throws IOException {
        try (Stream<Path> files = Files.list(theirs)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !Files.exists(ours.resolve(name)))
                    .sorted()
                    .findFirst()
                    .orElse("file 0");
        }
    }

    private long names() throws IOException {
        try (Stream<Path> files = Files.list(theirs)) {
            return files.filter(file -> Files.exists(ours.resolve(file.getFileName())))
                    .count();
        }
    }

    /** Changes a tenth, renames a tenth, exchanges two, removes and adds some. */
    private int change(int salt) throws IOException {
        int next = salt;
        List<Path> all;
        try (Stream<Path> files = Files.list(theirs)) {
            all = files.filter(file -> !file.endsWith("file 0") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
        Folders.file(theirs.resolve("file 0"), SIZE, next++);
        for (int i = 0; i < FILES / 10; i++) {
            Folders.file(all.get(i), SIZE + i, next++);
            Files.move(all.get(FILES / 10 + i), theirs.resolve("moved " + next++));
        }
        Path one = all.get(FILES / 3);
        Path other = all.get(FILES / 3 + 1);
        Files.move(one, theirs.resolve("x"));
        Files.move(other, one);
        Files.move(theirs.resolve("x"), other);
        for (int i = 0; i < 10; i++) {
            Files.delete(all.get(FILES / 2 + i));
            Folders.file(theirs.resolve("new " + next), SIZE, next++);
        }
        return next;
    }

    /** As soon as the first file has its new name, or a moment later; or at any moment before. */
    private void killedOnce() throws Exception {
        boolean placing = random.nextInt(4) > 0;
        try (ChildDaemon daemon = ChildDaemon.start(bob.home(), List.of());
                ControlClient client = daemon.awaitReady().orElseThrow()) {
            if (placing) {
                String added = firstAdded();
                Awaitility.await("files take their places, or all is done")
                        .atMost(PATIENCE)
                        .pollInterval(LOOK)
                        .until(() -> Files.exists(ours.resolve(added)) || isComplete(client));
            }
            int afterMs = random.nextInt(placing ? PLACING_MS : COMING_MS);
            Awaitility.await().pollDelay(Duration.ofMillis(afterMs)).until(() -> true);
            daemon.kill();
            daemon.awaitEnd();
        }
    }

    private boolean isComplete(ControlClient client) throws InterruptedException {
        try {
            String newest = alice.call("shares").views("shares").get(0).text("hash");
            return client.call("jobs", Map.of()).views("jobs").stream()
                    .anyMatch(job ->
                            job.text("hash").equals(newest) && job.text("state").equals("COMPLETE"));
        } catch (UserException e) {
            return false;
        }
    }

    private void untilSame() {
        bob.until("follows", Map.of(), follows -> {
            Answer follow = follows.views("follows").get(0);
            Answer share = alice.call("shares").views("shares").get(0);
            return follow.text("state").equals("READY")
                    && follow.view("newest").text("hash").equals(share.text("hash"))
                    && share.text("state").equals("SEEDING")
                    && share.number("files") == count(theirs);
        });
    }

    private static long count(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The hash codes of what is in all small files. */
    private Set<Integer> contents() throws IOException {
        Set<Integer> contents = new HashSet<>();
        try (Stream<Path> files = Files.list(ours)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.size(file) < 100) {
                    contents.add(Files.readString(file).hashCode());
                }
            }
        }
        return contents;
    }

    private List<Path> own() throws IOException {
        try (Stream<Path> files = Files.list(ours)) {
            return files.filter(file -> file.getFileName().toString().contains("(yours)")
                            || file.getFileName().toString().startsWith("notes"))
                    .toList();
        }
    }
}
