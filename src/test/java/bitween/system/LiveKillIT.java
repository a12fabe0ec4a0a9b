package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.ChildDaemon;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is killed while a live folder changes: no revision is lost that was told, none is told twice, and in the end it is what is in the folder. */
@Tag("faults")
class LiveKillIT {
    private static final int CYCLES = Integer.getInteger("bitween.live.cycles", 12);
    private static final int FILES = 300;
    private static final int KEPT = 2;
    private static final long SEED =
            Long.getLong("bitween.seed", ThreadLocalRandom.current().nextLong(1L << 40));

    @TempDir
    Path directory;

    private final ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void close() {
        killer.shutdownNow();
    }

    @Test
    void what_was_told_holds_and_what_changed_comes() throws Exception {
        Random random = new Random(SEED);
        Path folder = Files.createDirectories(directory.resolve("Notes"));
        for (int i = 0; i < FILES; i++) {
            Folders.file(folder.resolve("note " + i), 5_000, i);
        }
        try (TestServer server = TestServer.start(directory, "alice")) {
            TestDaemon alice = TestDaemon.started(directory, server, "alice");
            alice.settled(
                    alice.call("share.add", Map.of("path", folder.toString(), "mode", "LIVE", "keepRevisions", KEPT)));
            alice.stop();
            long told = 1;
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                told = cycle(alice.home(), folder, random, told);
            }
            settle(alice.home(), folder, told);
        }
    }

    /** @return the newest revision that anybody was told of */
    private long cycle(Home home, Path folder, Random random, long before) throws Exception {
        long told = before;
        try (ChildDaemon daemon = ChildDaemon.start(home, ChildDaemon.SHORT_LIVED)) {
            ControlClient client = daemon.awaitReady().orElseThrow();
            try (client) {
                told = Math.max(told, check(client, told));
                Folders.file(
                        folder.resolve("note " + random.nextInt(FILES)), 5_000 + random.nextInt(9), random.nextLong());
                Files.move(folder.resolve("note 0"), folder.resolve("note 0 " + random.nextInt()));
                Folders.file(folder.resolve("note 0"), 10, random.nextLong());
                ScheduledFuture<?> death = killer.schedule(daemon::kill, random.nextInt(6_000), TimeUnit.MILLISECONDS);
                while (!death.isDone()) {
                    told = Math.max(told, check(client, told));
                }
            } catch (UserException e) {
                assertThat(e.code())
                        .as("REPRO: seed=%s: %s", SEED, e)
                        .isIn(ErrorCode.DAEMON_NOT_RUNNING, ErrorCode.BUSY);
            }
            daemon.kill();
            daemon.awaitEnd();
        }
        return told;
    }

    private static long check(ControlClient client, long told) throws InterruptedException {
        List<Answer> shares = client.call("shares").views("shares");
        assertThat(shares).as("REPRO: seed=%s", SEED).hasSize(1);
        long now = shares.get(0).number("revision");
        assertThat(now).as("REPRO: seed=%s", SEED).isGreaterThanOrEqualTo(told);
        assertThat(client.call("share.log", Map.of("name", "Notes")).views("revisions"))
                .as("REPRO: seed=%s", SEED)
                .extracting(revision -> revision.number("revision"))
                .doesNotHaveDuplicates()
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .contains(now);
        return now;
    }

    private static void settle(Home home, Path folder, long told) throws Exception {
        long files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.count();
        }
        try (ChildDaemon daemon = ChildDaemon.start(home, List.of());
                ControlClient client = daemon.awaitReady().orElseThrow()) {
            Awaitility.await("the last change, REPRO: seed=" + SEED)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        Answer share = client.call("transfer.get", Map.of("name", "Notes"));
                        return share.text("state").equals("SEEDING") && share.number("files") == files;
                    });
            assertThat(check(client, told)).isGreaterThan(1);
            client.call("transfer.recheck", Map.of("name", "Notes"));
            Awaitility.await("it is what is in the folder, REPRO: seed=" + SEED)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> client.call("transfer.get", Map.of("name", "Notes"))
                            .text("state")
                            .equals("SEEDING"));
            assertThat(client.call("fsck").views("findings"))
                    .noneMatch(finding -> finding.text("state").equals("WRONG"));
            long newest = check(client, told);
            awaitKept(home, client, newest, 1);
            for (int more = 1; more <= KEPT; more++) {
                Folders.file(folder.resolve("note 1"), 20 + more, more);
                awaitKept(home, client, newest + more, KEPT);
            }
            client.call("daemon.stop");
            daemon.awaitEnd();
        }
    }

    private static void awaitKept(Home home, ControlClient client, long newest, int least) {
        Awaitility.await("what is kept is whole, and nothing else is there, REPRO: seed=" + SEED)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertKept(home, client, newest, least));
    }

    /** The newest, and what can be got besides. */
    private static void assertKept(Home home, ControlClient client, long newest, int least) throws Exception {
        Map<String, Answer> held = new HashMap<>();
        for (Answer revision : client.call("share.log", Map.of("name", "Notes")).views("revisions")) {
            if (revision.flag("available")) {
                held.put(revision.text("hash"), revision);
            }
        }
        assertThat(held).hasSizeBetween(least, KEPT);
        assertThat(held.values()).anyMatch(revision -> revision.number("revision") == newest);
        try (Stream<Path> folders = Files.list(home.revisions())) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(held.keySet());
        }
        for (Map.Entry<String, Answer> one : held.entrySet()) {
            try (Stream<Path> files =
                    Files.list(home.revisions().resolve(one.getKey()).resolve("content"))) {
                List<Path> all = files.toList();
                assertThat(all).hasSize((int) one.getValue().number("files"));
                assertThat(all.stream()
                                .mapToLong(file -> file.toFile().length())
                                .sum())
                        .isEqualTo(one.getValue().number("sizeBytes"));
            }
        }
    }
}
