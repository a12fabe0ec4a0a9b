package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.ChildDaemon;
import bitween.testing.Folders;
import bitween.testing.HomeTidiness;
import bitween.testing.KeptState;
import bitween.testing.KillPlan;
import bitween.testing.Promises;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import bitween.testing.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Daemons that are killed again and again, at any moment and at chosen system calls, while they are asked for all that they can do. Whatever one has said to be
 * so is so when it runs again.
 *
 * <p>A cycle takes some 1.8 s on two idle cores, most of it the start of a JVM that has everything to warm up. A build has 200 of them, 100 for each of two
 * daemons; {@code -Dbitween.cycles=} sets another number, the long form has 10,000.
 */
@Tag("faults")
class KillIT {
    private static final int CYCLES =
            Integer.getInteger("bitween.cycles", Boolean.getBoolean("bitween.long") ? 10_000 : 200);
    private static final long SEED =
            Long.getLong("bitween.seed", ThreadLocalRandom.current().nextLong(1L << 40));
    private static final int STEPS = 40;
    private static final Duration TIDY = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
    private final ConcurrentMap<String, Path> offered = new ConcurrentHashMap<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger checks = new AtomicInteger();

    /** One who is killed over and over, and what they were promised. */
    private final class Victim implements Callable<Void> {
        private final Home home;
        private final List<Path> sources;
        private final String friend;
        private final Promises promises = new Promises();
        private long seed;

        private Victim(TestDaemon daemon, String friend, List<Path> sources, long seed) throws Exception {
            home = daemon.home();
            this.friend = friend;
            this.sources = sources;
            this.seed = seed;
            promises.found(KeptState.of(home));
        }

        @Override
        public Void call() throws Exception {
            for (int cycle = 0; cycle < CYCLES / 2 && !broken.get(); cycle++) {
                try {
                    cycle(KillPlan.of(seed));
                } catch (Exception | AssertionError e) {
                    broken.set(true);
                    System.out.println(ChildDaemon.lastWords(home));
                    throw new AssertionError(
                            "REPRO: seed=" + seed + " (" + home.data() + ", cycle " + cycle + ", " + KillPlan.of(seed)
                                    + "): " + e.getMessage(),
                            e);
                }
                seed = KillPlan.next(seed);
            }
            return null;
        }

        private void cycle(KillPlan plan) throws Exception {
            try (ChildDaemon daemon = ChildDaemon.start(home, ChildDaemon.SHORT_LIVED)) {
                plan.begin(daemon, killer);
                Optional<ControlClient> client = daemon.awaitReady();
                if (client.isPresent()) {
                    try (ControlClient connected = client.get()) {
                        run(connected, daemon, plan);
                    }
                }
                daemon.kill();
                daemon.awaitEnd();
                kills.incrementAndGet();
            }
        }

        private void run(ControlClient client, ChildDaemon daemon, KillPlan plan) throws Exception {
            Workload workload = new Workload(promises, sources, offered, friend, plan.workload());
            try {
                check(client);
                plan.ready(daemon, client, killer);
                for (int step = 0; step < STEPS && daemon.isAlive(); step++) {
                    workload.step(client);
                }
            } catch (UserException e) {
                if (e.code() != ErrorCode.DAEMON_NOT_RUNNING && e.code() != ErrorCode.BUSY) {
                    throw e;
                }
            }
        }

        private void check(ControlClient client) throws Exception {
            Answer fsck = client.call("fsck");
            try (Promises.Cut cut = promises.cut()) {
                Map<String, String> found = KeptState.of(home);
                assertThat(cut.broken(found)).isEmpty();
                promises.found(found);
            }
            assertThat(fsck.views("findings"))
                    .noneMatch(finding -> finding.text("state").equals("WRONG"));
            assertBytes();
            HomeTidiness.await(home, client, TIDY);
            checks.incrementAndGet();
        }

        private void assertBytes() throws IOException {
            for (String hash : promises.subjects("job", "complete")) {
                Path source = offered.get(hash);
                Folders.assertSame(
                        java.util.Objects.requireNonNull(source),
                        Path.of(promises.value(Promises.key("job", hash, "complete"))));
            }
        }

        /** Left in peace, all that was wanted comes. */
        private void settle() throws Exception {
            try (ChildDaemon daemon = ChildDaemon.start(home, List.of());
                    ControlClient client = daemon.awaitReady().orElseThrow()) {
                check(client);
                List<String> wanted = promises.subjects("job", "kept").stream()
                        .filter(stable::contains)
                        .toList();
                Awaitility.await("all is here, REPRO: seed=" + SEED)
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> client.call("jobs").views("jobs").stream()
                                .filter(job -> wanted.contains(job.text("hash")))
                                .allMatch(job -> job.text("state").equals("COMPLETE")));
                check(client);
                client.call("daemon.stop");
                daemon.awaitEnd();
            }
        }
    }

    private final List<String> stable = new ArrayList<>();

    @Test
    void what_a_daemon_has_said_holds_whenever_it_is_killed() throws Exception {
        System.out.println("REPRO: seed=" + SEED);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (TestServer server = TestServer.start(directory, "alice", "bob", "carol");
                TestDaemon carol = TestDaemon.started(directory, server, "carol")) {
            TestDaemon alice = TestDaemon.started(directory, server, "alice");
            TestDaemon bob = TestDaemon.started(directory, server, "bob");
            alice.befriend(bob);
            alice.befriend(carol);
            bob.befriend(carol);
            for (Path source : Workload.sources(directory, "carol", 6)) {
                String hash = carol.share(source).text("hash");
                offered.put(hash, source);
                stable.add(hash);
            }
            alice.stop();
            bob.stop();
            try (ChildDaemon first = ChildDaemon.start(alice.home(), List.of())) {
                assertThat(first.awaitReady()).isPresent(); // it prepares a faster start
            }
            long begin = System.nanoTime();
            List<Victim> victims = List.of(
                    new Victim(alice, bob.jid(), Workload.sources(directory, "alice", 8), SEED),
                    new Victim(bob, alice.jid(), Workload.sources(directory, "bob", 8), KillPlan.next(~SEED)));
            List<Future<Void>> running = new ArrayList<>();
            for (Victim victim : victims) {
                running.add(threads.submit(victim));
            }
            for (Future<Void> each : running) {
                each.get();
            }
            for (Victim victim : victims) {
                victim.settle();
            }
            System.out.println(kills + " kills, looked at " + checks + " times in "
                    + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s, seed " + SEED);
        } finally {
            threads.shutdownNow();
            killer.shutdownNow();
        }
        assertThat(checks.get()).isGreaterThan(CYCLES / 3);
    }
}
