package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import bitween.app.Lifecycle;
import bitween.bus.MailboxThread;
import bitween.control.client.ControlClient;
import bitween.message.TorrentRequest.SharePath;
import bitween.model.Audience;
import bitween.model.UserException;
import bitween.system.StopWorld.Phase;
import bitween.testing.ChildDaemon;
import bitween.testing.ExpectedErrors;
import bitween.testing.Folders;
import bitween.testing.KeptState;
import bitween.testing.LogListener;
import bitween.testing.Program;
import bitween.testing.Promises;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.jivesoftware.smack.ConnectionCreationListener;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPConnectionRegistry;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stop that is asked for by each thread that may, whatever the daemon is at. It ends in 10 s, and all that was so before is so afterwards. Where it does not, the stacks of
 * all threads are in {@code target/stops}. A build tries some of it, as the seed says; the long form all of it, three times.
 */
@ExpectedErrors("Trouble: nothing is stored any more; what is shared stays shared: another program holds")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("alone")
class StopMatrixIT {
    private static final boolean LONG = Boolean.getBoolean("bitween.long");
    private static final int REPEATS = LONG ? 3 : 1;
    private static final long SEED =
            Long.getLong("bitween.seed", ThreadLocalRandom.current().nextLong(1L << 40));
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration WATCHDOG = Duration.ofSeconds(20);
    /** Whoever is killed at once has nothing to wait for. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static final int START_MS = 2_000;
    private static final Path STACKS = Path.of("target/stops");

    /** Who asks: the thread is known by its name. */
    enum Caller {
        SIGNAL("none of this process"),
        COMMAND("none of the daemon's own"),
        BUS("bus"),
        WORKER("torrent"),
        ALERTS("alerts"),
        SMACK("Smack"),
        HASH("hash-"),
        TIMER("timer");

        private final String thread;

        Caller(String thread) {
            this.thread = thread;
        }
    }

    @TempDir
    static Path directory;

    private final Random random = new Random(SEED);
    private final List<Long> millis = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final AtomicReference<XMPPConnection> connection = new AtomicReference<>();
    /** What Smack's thread does with the next presence, and the worker's with its answer, where nothing can be stored and so nothing is handed over. */
    private volatile Runnable ear = () -> {};

    private final ConnectionCreationListener connected = this::onConnected;
    private StopWorld world;
    private int cell;

    @BeforeAll
    void a_world() throws Exception {
        System.out.println("REPRO: seed=" + SEED);
        XMPPConnectionRegistry.addConnectionCreationListener(connected);
        world = new StopWorld(directory);
    }

    @AfterAll
    void figures() throws IOException {
        XMPPConnectionRegistry.removeConnectionCreationListener(connected);
        world.close();
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length > 0) {
            System.out.printf(
                    "%d stops: p50 %d ms, p99 %d ms, longest %d ms, seed %d%n",
                    sorted.length,
                    sorted[sorted.length / 2],
                    sorted[(sorted.length * 99 - 1) / 100],
                    sorted[sorted.length - 1],
                    SEED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_asks_the_stop_ends_in_time_and_keeps_all(Phase phase) throws Exception {
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            for (Caller caller : Caller.values()) {
                if (!isTried(caller, phase)) {
                    continue;
                }
                String where = caller + " while " + phase + ", " + repeat;
                try {
                    if (caller == Caller.SIGNAL) {
                        stopProcess(phase, List.of("TERM", "INT", "HUP").get(repeat), where);
                    } else {
                        stopHere(phase, caller, where);
                    }
                } catch (Exception | AssertionError e) {
                    failures.add(where + ": " + Throwables.getStackTrace(e));
                } finally {
                    world.end(phase);
                }
            }
        }
        List<String> all = List.copyOf(failures);
        failures.clear();
        assertThat(all).as("seed " + SEED).isEmpty();
    }

    /** A third of those that are quick, a quarter of those that need a process; which, the seed says. */
    private static boolean isTried(Caller caller, Phase phase) {
        var cell = new Random(SEED + (caller + " " + phase).hashCode());
        return LONG || cell.nextInt(caller == Caller.SIGNAL ? 4 : 3) == 0;
    }

    /** Those of this run. */
    static Stream<Phase> signalled() {
        return Stream.of(Phase.values()).filter(phase -> isTried(Caller.SIGNAL, phase));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("signalled")
    void a_second_signal_ends_it_at_once_and_keeps_all(Phase phase) throws Exception {
        try (ChildDaemon daemon = start()) {
            Map<String, String> before = reached(phase, daemon);
            Program.kill("TERM", daemon.pid());
            if (phase != Phase.STARTING) {
                long begin = System.nanoTime();
                while (daemon.isAlive()
                        && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(random.nextInt(100))) {
                    Thread.onSpinWait();
                }
            }
            long begin = System.nanoTime();
            daemon.signal("INT");
            daemon.awaitEnd();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
            assertKept(before);
        } finally {
            world.end(phase);
        }
    }

    private void stopHere(Phase phase, Caller caller, String where) throws Exception {
        TestDaemon alice = world.alice();
        CompletableFuture<Long> asked = new CompletableFuture<>();
        Map<String, String> before;
        try {
            if (phase == Phase.STARTING) {
                before = kept();
                stopStart(alice, caller, asked);
            } else {
                alice.start();
                world.settle(alice::call);
                world.begin(phase, alice::call);
                before = kept();
                ask(alice, caller, phase, asked);
            }
            long begin = asked.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            awaitEnd(alice.lifecycle(), where);
            millis.add((System.nanoTime() - begin) / 1_000_000);
            System.out.println(where + ": " + millis.get(millis.size() - 1) + " ms");
        } finally {
            alice.stop();
        }
        assertKept(before);
    }

    /** It is held where nothing is missing but the word that it is ready. */
    private void stopStart(TestDaemon alice, Caller caller, CompletableFuture<Long> asked) throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        LogListener last = LogListener.of(Lifecycle.class.getName(), event -> {
            if (event.getMessage().getFormattedMessage().equals("control is open")) {
                open.countDown();
                asked.join();
            }
        });
        CompletableFuture<TestDaemon> starting = CompletableFuture.supplyAsync(alice::start);
        try {
            assertThat(open.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            if (caller == Caller.COMMAND) {
                long begin = System.nanoTime();
                speak("daemon.stop", Map.of());
                asked.complete(begin);
            } else {
                Map<String, ?> share = world.share(fresh());
                listen(
                        alice,
                        caller,
                        asked,
                        () -> {},
                        () -> new Thread(() -> speak("share.add", share), "speaking").start());
            }
            assertThat(starting)
                    .failsWithin(LIMIT)
                    .withThrowableThat()
                    .withCauseInstanceOf(Lifecycle.StartGivenUp.class);
        } finally {
            asked.complete(0L);
            last.close();
        }
    }

    private void speak(String method, Map<String, ?> params) {
        try (ControlClient client = ControlClient.connect(world.home())) {
            client.call(method, params);
        } catch (UserException e) {
            System.out.println("refused, as it stops: " + e.sentence());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(TestDaemon alice, Caller caller, Phase phase, CompletableFuture<Long> asked) throws Exception {
        boolean again = phase == Phase.STOPPING;
        if (caller == Caller.COMMAND) {
            asked.complete(System.nanoTime());
            alice.call("daemon.stop");
            if (again) {
                alice.lifecycle().requestShutdown("a second time");
            }
            return;
        }
        if (again && caller == Caller.SMACK) {
            world.speak(self()); // after its good-bye the server says nothing else
        }
        Runnable first = again ? () -> alice.lifecycle().requestShutdown("the first") : () -> {};
        listen(alice, caller, asked, first, () -> {
            if (caller != Caller.SMACK) {
                var unused = alice.ask(new SharePath(directory.resolve(fresh()), null, Audience.EVERYONE))
                        .whenComplete((shared, failure) -> ear.run());
            } else if (again) {
                world.letNetworkPass();
            } else {
                world.speak(self());
            }
        });
    }

    private String self() {
        return Objects.requireNonNull(connection.get()).getUser().toString();
    }

    private void onConnected(XMPPConnection created) {
        connection.set(created);
        created.addSyncStanzaListener(stanza -> ear.run(), StanzaTypeFilter.PRESENCE);
    }

    /** The first time that the thread hands over work, or hears something, it also asks for the stop. */
    private void listen(
            TestDaemon alice, Caller caller, CompletableFuture<Long> asked, Runnable first, Runnable provoke)
            throws Exception {
        Lifecycle lifecycle = alice.lifecycle();
        Runnable ask = () -> {
            String thread = Thread.currentThread().getName();
            if (thread.contains(caller.thread) && !asked.isDone()) {
                lifecycle.requestShutdown(thread);
                asked.complete(System.nanoTime());
            }
        };
        ear = ask;
        LogListener listener = LogListener.of(MailboxThread.class.getName(), event -> ask.run());
        try {
            first.run();
            provoke.run();
            asked.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            ear = () -> {};
            listener.close();
        }
    }

    private String fresh() {
        String name = "new " + cell++;
        try {
            Folders.file(directory.resolve(name), 100_000, cell);
        } catch (IOException e) {
            fail(name, e);
        }
        return name;
    }

    private static void awaitEnd(Lifecycle lifecycle, String where) throws Exception {
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try {
                lifecycle.awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            ended.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            keepStacks(ProcessHandle.current().pid(), where);
            ended.get(WATCHDOG.toMillis(), TimeUnit.MILLISECONDS);
            fail("more than " + LIMIT);
        }
    }

    private void stopProcess(Phase phase, String signal, String where) throws Exception {
        try (ChildDaemon daemon = start()) {
            Map<String, String> before = reached(phase, daemon);
            long begin = System.nanoTime();
            Program.kill(signal, daemon.pid());
            if (!daemon.endsWithin(LIMIT)) {
                keepStacks(daemon.pid(), where);
                assertThat(daemon.endsWithin(WATCHDOG)).isTrue();
                fail("more than " + LIMIT);
            }
            millis.add((System.nanoTime() - begin) / 1_000_000);
            System.out.println(where + ": " + millis.get(millis.size() - 1) + " ms");
            assertKept(before);
        }
    }

    private ChildDaemon start() throws IOException {
        return ChildDaemon.start(world.home(), List.of("env", "--default-signal=INT,HUP"));
    }

    /** @return what it has to keep */
    private Map<String, String> reached(Phase phase, ChildDaemon daemon) throws Exception {
        if (phase == Phase.STARTING) {
            Map<String, String> before = kept();
            assertThat(daemon.endsWithin(Duration.ofMillis(random.nextInt(START_MS))))
                    .isFalse();
            return before;
        }
        try (ControlClient client = daemon.awaitReady().orElseThrow()) {
            StopWorld.Daemon asked = (method, params) -> {
                try {
                    return client.call(method, params);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted", e);
                }
            };
            world.settle(asked);
            world.begin(phase, asked);
            Map<String, String> before = kept();
            if (phase == Phase.STOPPING) {
                client.call("daemon.stop");
            }
            return before;
        }
    }

    private void assertKept(Map<String, String> before) throws Exception {
        var promises = new Promises();
        promises.found(before);
        try (Promises.Cut cut = promises.cut()) {
            assertThat(cut.broken(kept())).isEmpty();
        }
    }

    /** Without what threads were given to do while it stops. */
    private Map<String, String> kept() throws Exception {
        Map<String, String> state = KeptState.of(world.home());
        state.keySet().removeIf(key -> key.contains("/new "));
        return state;
    }

    private static void keepStacks(long pid, String where) throws Exception {
        Path file = Files.createDirectories(STACKS).resolve(where + ".txt");
        Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
        new ProcessBuilder(jstack.toString(), Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start()
                .waitFor();
        System.out.println("its threads: " + file);
    }
}
