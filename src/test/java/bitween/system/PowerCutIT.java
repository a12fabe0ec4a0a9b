package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import bitween.control.client.ControlClient;
import bitween.model.Finding;
import bitween.store.Database;
import bitween.store.StoreCheck;
import bitween.testing.ChildDaemon;
import bitween.testing.CutDisk;
import bitween.testing.Folders;
import bitween.testing.HomeTidiness;
import bitween.testing.KeptState;
import bitween.testing.Promises;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import bitween.testing.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power fails while a daemon works: what it has said to be so is on the disk. Needs root; else it is skipped. */
@Tag("faults")
class PowerCutIT {
    private static final int CUTS =
            Integer.getInteger("bitween.cycles", Boolean.getBoolean("bitween.long") ? 5_000 : 100);
    private static final long SEED =
            Long.getLong("bitween.seed", ThreadLocalRandom.current().nextLong(1L << 40));
    /** A daemon on what is left costs some seconds. */
    private static final int DAEMON_EACH = 10;

    private static final int MAX_STEPS = 6;
    private static final Duration TIDY = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final Promises promises = new Promises();
    private final ConcurrentMap<String, Path> offered = new ConcurrentHashMap<>();

    @Test
    void what_a_daemon_has_said_is_on_the_disk_when_the_power_fails() throws Exception {
        System.out.println("REPRO: seed=" + SEED);
        try (CutDisk disk = CutDisk.mount(directory);
                TestServer server = TestServer.start(directory, "alice", "carol");
                TestDaemon carol = TestDaemon.started(directory, server, "carol")) {
            TestDaemon alice = TestDaemon.create(disk.root(), server, "alice", Map.of());
            alice.start();
            alice.befriend(carol);
            for (Path source : Workload.sources(directory, "carol", 8)) {
                offered.put(carol.share(source).text("hash"), source);
            }
            alice.stop();
            Home home = alice.home();
            promises.found(KeptState.of(home));
            Workload workload = new Workload(
                    promises, Workload.sources(directory, "alice", 8), offered, carol.jid(), random.nextLong());
            long begin = System.nanoTime();
            try (ChildDaemon daemon = ChildDaemon.start(home, List.of());
                    ControlClient client = daemon.awaitReady().orElseThrow()) {
                for (int cut = 0; cut < CUTS; cut++) {
                    for (int step = random.nextInt(MAX_STEPS); step > 0; step--) {
                        workload.step(client);
                    }
                    Promises.Cut promised = cutWhileItWorks(disk, workload, client);
                    try {
                        check(disk, home, promised, cut % DAEMON_EACH == 0);
                    } catch (Exception | AssertionError e) {
                        System.out.println(ChildDaemon.lastWords(home));
                        throw new AssertionError("REPRO: seed=" + SEED + ", cut " + cut + ": " + e.getMessage(), e);
                    }
                }
                client.call("daemon.stop");
                daemon.awaitEnd();
            }
            System.out.println(CUTS + " cuts in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)
                    + " s, seed " + SEED);
        }
    }

    private Promises.Cut cutWhileItWorks(CutDisk disk, Workload workload, ControlClient client) throws Exception {
        try (Promises.Cut promised = promises.cut()) {
            Process cut = disk.cut();
            do {
                workload.step(client);
            } while (cut.isAlive());
            assertThat(cut.waitFor()).isZero();
            return promised;
        }
    }

    private void check(CutDisk disk, Home home, Promises.Cut promised, boolean withDaemon) throws Exception {
        if (withDaemon) {
            startOn(disk, home);
        }
        disk.look();
        try {
            Home left = Home.in(disk.left().resolve(disk.root().relativize(home.data())));
            try (Database database = Database.open(left.database(), left.natives())) {
                assertThat(StoreCheck.check(database)).noneMatch(finding -> finding.state() == Finding.State.WRONG);
            }
            assertThat(KeptState.damagedCopies(left)).isEmpty();
            Map<String, String> found = KeptState.of(left);
            assertThat(promised.broken(found)).isEmpty();
            for (Map.Entry<String, String> each : found.entrySet()) {
                if (each.getKey().endsWith(": complete")) {
                    String hash = each.getKey().split("[ :]")[1];
                    Folders.assertSame(
                            Objects.requireNonNull(offered.get(hash)),
                            KeptState.in(disk.left(), disk.root(), each.getValue()));
                }
            }
        } finally {
            disk.lookAway();
        }
    }

    /** Where it was, on what is left, on a network of its own: the first one is still running. */
    private void startOn(CutDisk disk, Home home) throws Exception {
        String mounting =
                "ip link set lo up && mount -o loop '" + disk.image() + "' '" + disk.root() + "' && exec \"$@\"";
        List<String> within = List.of("unshare", "--mount", "--net", "sh", "-c", mounting, "sh");
        try (ChildDaemon daemon = ChildDaemon.start(home, within)) {
            Home seen = Home.in(Path.of(
                    "/proc", Long.toString(daemon.pid()), "root", home.data().toString()));
            try (ControlClient client = daemon.awaitReadyAt(seen).orElseThrow()) {
                assertThat(client.call("fsck").views("findings"))
                        .noneMatch(finding -> finding.text("state").equals("WRONG"));
                HomeTidiness.await(seen, client, TIDY);
            }
        }
    }
}
