package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.testing.ChildDaemon;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much a daemon that was killed does again. */
@Tag("faults")
class RedoneWorkIT {
    private static final long MB = 1L << 20;
    /** Saved each 64 MB; what came in the second until that was noticed, and while it was flushed, is not. */
    private static final long LIMIT_BYTES = 64 * MB + 96 * MB;

    /** So slow that little comes while a slow disk flushes. */
    private static final int RATE = 16 << 20;

    private static final int FILES = 400;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private TestServer server;
    private TestDaemon alice;
    private Home home;

    @BeforeEach
    void a_home() throws IOException {
        server = TestServer.start(directory, "alice", "carol");
        alice = TestDaemon.create(directory, server, "alice", Map.of());
        home = alice.home();
    }

    @AfterEach
    void stop() throws IOException {
        alice.close();
        server.close();
    }

    @Test
    void a_download_goes_on_within_64_mb_of_where_it_was_killed() throws Exception {
        try (TestDaemon carol = TestDaemon.started(directory, server, "carol")) {
            alice.start().befriend(carol);
            Path film = Folders.file(directory.resolve("film.bin"), (int) (400 * MB), 1);
            Answer share = carol.share(film);
            alice.call("friend.limit", Map.of("friend", carol.jid(), "down", RATE));
            alice.stop();

            long killedAt = killedAt("job.get", Map.of("ref", share.text("hash")), "jobs", 250 * MB);
            carol.stop();
            long resumedAt = resumedAt("jobs");

            System.out.println("download: " + (killedAt - resumedAt) / MB + " of " + killedAt / MB + " MB done again");
            assertThat(killedAt - resumedAt).isLessThan(LIMIT_BYTES);
            carol.start();
            alice.start();
            Answer job = alice.call("jobs").views("jobs").get(0);
            alice.call("friend.limit", Map.of("friend", carol.jid(), "down", 0));
            assertThat(alice.settled(job).text("state")).isEqualTo("COMPLETE");
            assertThat(alice.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
        }
    }

    @Test
    void hashing_goes_on_within_64_mb_of_where_it_was_killed() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("films"));
        for (int i = 0; i < FILES; i++) {
            try (RandomAccessFile film =
                    new RandomAccessFile(folder.resolve("film " + i).toFile(), "rw")) {
                film.setLength(20 * MB);
            }
        }

        long killedAt = killedAt(
                "share.add",
                Map.of("path", folder.toString(), "to", List.of("everyone")),
                "shares",
                FILES * 20 * MB / 4);
        long resumedAt = resumedAt("shares");

        System.out.println("hashing: " + (killedAt - resumedAt) / MB + " of " + killedAt / MB + " MB done again");
        assertThat(killedAt - resumedAt).isLessThan(LIMIT_BYTES);
        alice.start();
        Answer share = alice.call("shares").views("shares").get(0);
        untilSeeding(share);
        assertThat(alice.call("transfer.recheck", Map.of("name", "films")).text("state"))
                .isEqualTo("VERIFYING");
        untilSeeding(share);
    }

    private void untilSeeding(Answer share) {
        Awaitility.await("all of it is hashed")
                .atMost(PATIENCE)
                .until(() -> alice.call("transfer.wait", Map.of("id", share.number("id"), "timeoutMs", 1_000))
                        .text("state")
                        .equals("SEEDING"));
    }

    /** @return how many bytes were done when it was killed */
    private long killedAt(String method, Map<String, ?> params, String kind, long bytes) throws Exception {
        try (ChildDaemon daemon = ChildDaemon.start(home, List.of());
                ControlClient client = daemon.awaitReady().orElseThrow()) {
            client.call(method, params);
            AtomicLong done = new AtomicLong();
            Awaitility.await(bytes + " are done")
                    .atMost(PATIENCE)
                    .pollInterval(LOOK)
                    .until(() -> {
                        done.set(client.call(kind).views(kind).get(0).number("doneBytes"));
                        return done.get() >= bytes;
                    });
            return done.get();
        }
    }

    /** @return how many bytes count as done at the first look after the start */
    private long resumedAt(String kind) throws Exception {
        try (ChildDaemon daemon = ChildDaemon.start(home, List.of());
                ControlClient client = daemon.awaitReady().orElseThrow()) {
            AtomicLong done = new AtomicLong();
            Awaitility.await("it says how far it is")
                    .atMost(PATIENCE)
                    .pollInterval(LOOK)
                    .until(() -> {
                        done.set(client.call(kind).views(kind).get(0).number("doneBytes"));
                        return done.get() > 0;
                    });
            return done.get();
        }
    }
}
