package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.app.Lifecycle;
import bitween.testing.Folders;
import bitween.testing.LogListener;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jivesoftware.smack.ConnectionCreationListener;
import org.jivesoftware.smack.XMPPConnectionRegistry;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop ends in 10 s and loses nothing, whichever thread asks for it: none of them is waited for by what it asks. By a signal: {@link ProcessIT}. */
@Tag("xmpp-server")
class StopIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int JOBS = Boolean.getBoolean("bitween.long") ? 500 : 40;
    /** As many as may download at once. */
    private static final int ACTIVE = 100;

    private static final int FILM_BYTES = 16 << 20;
    private static final int BYTES_PER_SECOND = 3_000_000;

    @TempDir
    Path directory;

    private TestServer server;
    private TestDaemon alice;

    @BeforeEach
    void one_daemon() throws IOException {
        server = TestServer.start(directory, "alice", "bob", "carol");
        alice = TestDaemon.create(directory, server, "alice", Map.of());
        alice.start().share(Folders.file(directory.resolve("kept.bin"), 100_000, 1));
        alice.stop();
    }

    @AfterEach
    void end() throws IOException {
        alice.close();
        server.close();
    }

    @Test
    void asked_by_a_command_on_a_control_thread() throws InterruptedException {
        alice.start().untilOnline();
        Lifecycle lifecycle = alice.lifecycle();

        alice.call("daemon.stop");

        assertStopped(lifecycle);
        assertStarts("kept.bin");
    }

    @Test
    void asked_by_the_original_systems_call() throws InterruptedException {
        alice.start().untilOnline();
        Lifecycle lifecycle = alice.lifecycle();

        alice.call("Api.exit");

        assertStopped(lifecycle);
        assertStarts("kept.bin");
    }

    @Test
    void asked_on_the_bus_while_it_routes() throws InterruptedException {
        alice.start().untilOnline();
        Lifecycle lifecycle = alice.lifecycle();

        alice.onBusThread(() -> lifecycle.requestShutdown("the bus"));

        assertStopped(lifecycle);
        assertStarts("kept.bin");
    }

    @Test
    void asked_on_the_torrent_worker_while_it_answers() throws InterruptedException {
        alice.start().untilOnline();
        Lifecycle lifecycle = alice.lifecycle();

        alice.onTorrentThread(() -> lifecycle.requestShutdown("the worker"));

        assertStopped(lifecycle);
        assertStarts("kept.bin");
    }

    @Test
    void asked_by_a_listener_of_smack_on_its_own_thread() throws InterruptedException {
        AtomicReference<String> thread = new AtomicReference<>("");
        CountDownLatch started = new CountDownLatch(1);
        ConnectionCreationListener onPresence = connection -> connection.addSyncStanzaListener(
                stanza -> {
                    awaitUninterruptibly(started);
                    thread.set(Thread.currentThread().getName());
                    alice.lifecycle().requestShutdown("a presence");
                },
                StanzaTypeFilter.PRESENCE);
        XMPPConnectionRegistry.addConnectionCreationListener(onPresence);
        try {
            alice.start();
            started.countDown();

            assertStopped(alice.lifecycle());
        } finally {
            XMPPConnectionRegistry.removeConnectionCreationListener(onPresence);
        }
        assertThat(thread.get()).contains("Smack");
        assertStarts("kept.bin");
    }

    @Test
    void asked_on_the_alert_thread_while_the_engine_speaks() throws IOException, InterruptedException {
        alice.start().untilOnline();
        Lifecycle lifecycle = alice.lifecycle();
        Path file = Folders.file(directory.resolve("new.bin"), 100_000, 2);
        AtomicReference<String> thread = new AtomicReference<>("");

        // whoever hears the engine only hands on what it says, so the stop is asked where its thread writes to the log
        LogListener listener = LogListener.of("bitween.torrent.libtorrent", event -> {
            if (event.getThreadName().equals("alerts") && thread.compareAndSet("", "alerts")) {
                lifecycle.requestShutdown("an alert");
            }
        });
        try {
            alice.call("share.add", Map.of("path", file.toString()));
            assertStopped(lifecycle);
        } finally {
            listener.close();
        }

        assertThat(thread.get()).isEqualTo("alerts");
        assertStarts("kept.bin", "new.bin");
    }

    @Test
    void asked_by_eight_threads_at_once_again_and_again() throws InterruptedException {
        alice.start().untilOnline();
        Lifecycle lifecycle = alice.lifecycle();

        for (int i = 0; i < 8; i++) {
            Thread asker = new Thread(() -> {
                for (int again = 0; again < 1_000; again++) {
                    lifecycle.requestShutdown("many");
                }
            });
            asker.start();
        }

        assertStopped(lifecycle);
        assertStarts("kept.bin");
    }

    @Test
    void a_daemon_that_stops_is_gone_for_its_friends_at_once() throws InterruptedException {
        alice.start();
        try (TestDaemon bob = TestDaemon.started(directory, server, "bob")) {
            alice.befriend(bob);

            alice.stop();

            bob.until("friends", Map.of(), friends -> !TestDaemon.seesOnline(friends, alice.jid()));
        }
    }

    /** Each that downloads has a part of a piece, which would be gone if the engine had to hash again what is there. */
    @Test
    void with_hundreds_of_jobs_under_way_each_goes_on_where_it_was() throws Exception {
        TestDaemon carol = TestDaemon.create(directory, server, "carol", Map.of("downloads.active", ACTIVE));
        try (TestDaemon bob = TestDaemon.started(directory, server, "bob")) {
            carol.start().befriend(bob);
            List<String> hashes = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                hashes.add(bob.share(sparse("film " + i, FILM_BYTES + i)).text("hash"));
            }
            carol.call("friend.limit", Map.of("friend", bob.jid(), "down", BYTES_PER_SECOND));
            hashes.forEach(carol::want);
            carol.until(
                    "jobs",
                    Map.of(),
                    jobs -> jobs.views("jobs").stream()
                                    .filter(job ->
                                            job.text("state").equals("DOWNLOADING") && job.number("doneBytes") > 0)
                                    .count()
                            > Math.min(JOBS, ACTIVE) / 2);
            bob.stop();
        }
        long before = doneBytes(carol);

        long begin = System.nanoTime();
        carol.stop();
        long stopMs = (System.nanoTime() - begin) / 1_000_000;
        carol.start();
        carol.until("jobs", Map.of(), jobs -> jobs.views("jobs").stream().anyMatch(job -> job.number("doneBytes") > 0));

        System.out.println(JOBS + " jobs, " + before + " bytes: stopped in " + stopMs + " ms, " + doneBytes(carol)
                + " bytes afterwards");
        assertThat(stopMs).isLessThan(LIMIT.toMillis());
        carol.until("jobs", Map.of(), jobs -> doneBytes(carol) >= before);
        carol.close();
    }

    private Path sparse(String name, long bytes) throws IOException {
        Path path = directory.resolve(name);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return path;
    }

    private static long doneBytes(TestDaemon daemon) {
        return daemon.call("jobs").views("jobs").stream()
                .mapToLong(job -> job.number("doneBytes"))
                .sum();
    }

    /** Nothing is lost: it starts again, and seeds what it had. */
    private void assertStarts(String... shares) {
        alice.start()
                .until(
                        "shares",
                        Map.of(),
                        answer -> answer.views("shares").stream()
                                .filter(share -> share.text("state").equals("SEEDING"))
                                .map(share -> share.text("name"))
                                .sorted()
                                .toList()
                                .equals(List.of(shares)));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertStopped(Lifecycle lifecycle) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            try {
                lifecycle.awaitEnd();
                ended.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        assertThat(ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("stopped within %s", LIMIT)
                .isTrue();
    }
}
