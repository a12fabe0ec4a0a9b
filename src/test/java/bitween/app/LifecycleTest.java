package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.testing.ExpectedErrors;
import bitween.testing.Program;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LifecycleTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final CountDownLatch halted = new CountDownLatch(1);

    @Test
    void what_was_opened_is_closed_in_reverse() throws InterruptedException {
        Lifecycle lifecycle = new Lifecycle(LONG, halted::countDown);
        lifecycle.start();
        lifecycle.opened("database", LONG, () -> closed.add("database"));
        lifecycle.opened("bus", LONG, () -> closed.add("bus"));

        lifecycle.requestShutdown("a test");
        lifecycle.awaitEnd();

        assertThat(closed).containsExactly("bus", "database");
    }

    @Test
    void what_is_to_be_done_at_once_does_not_wait_for_a_start_under_way() throws InterruptedException {
        Lifecycle lifecycle = new Lifecycle(LONG, halted::countDown);
        lifecycle.start();
        CountDownLatch hurried = new CountDownLatch(1);
        lifecycle.atOnce(hurried::countDown);

        boolean inTime = lifecycle.starting(() -> {
            lifecycle.requestShutdown("a test");
            return hasCome(hurried);
        });

        assertThat(inTime).isTrue();
    }

    private static boolean hasCome(CountDownLatch latch) {
        try {
            return latch.await(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_part_that_asks_for_the_stop_while_it_closes_does_not_hang() throws InterruptedException {
        Lifecycle lifecycle = new Lifecycle(LONG, halted::countDown);
        lifecycle.start();
        lifecycle.opened("talkative", LONG, () -> {
            lifecycle.requestShutdown("itself");
            closed.add("talkative");
        });

        lifecycle.requestShutdown("a test");
        lifecycle.awaitEnd();

        assertThat(closed).containsExactly("talkative");
    }

    @Test
    @ExpectedErrors("broken did not close cleanly")
    void a_part_that_fails_to_close_does_not_keep_the_others_open() throws InterruptedException {
        Lifecycle lifecycle = new Lifecycle(LONG, halted::countDown);
        lifecycle.start();
        lifecycle.opened("database", LONG, () -> closed.add("database"));
        lifecycle.opened("broken", LONG, () -> {
            throw new IllegalStateException("broken");
        });

        lifecycle.requestShutdown("a test");
        lifecycle.awaitEnd();

        assertThat(closed).containsExactly("database");
    }

    @Test
    @Timeout(60)
    void a_process_that_stands_still_while_a_part_closes_loses_no_time_by_it() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandstillMain.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = child.inputReader()) {
            assertThat(said.readLine()).isEqualTo("closing");

            Program.kill("STOP", child.pid());
            assertThat(child.waitFor(StandstillMain.DEADLINE.toSeconds() + 1, TimeUnit.SECONDS))
                    .isFalse();
            Program.kill("CONT", child.pid());
            child.getOutputStream().close();

            assertThat(said.lines()).isEmpty();
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    @ExpectedErrors("stuck did not close within 50 ms")
    void a_part_that_overruns_its_deadline_is_left_behind() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Lifecycle lifecycle = new Lifecycle(LONG, halted::countDown);
        lifecycle.start();
        lifecycle.opened("database", LONG, () -> closed.add("database"));
        lifecycle.opened("stuck", Duration.ofMillis(50), never::await);

        lifecycle.requestShutdown("a test");
        lifecycle.awaitEnd();

        assertThat(closed).containsExactly("database");
        never.countDown();
    }

    @Test
    void a_stop_during_the_start_waits_until_the_start_is_given_up_and_closes_all_of_it() throws InterruptedException {
        Lifecycle lifecycle = new Lifecycle(LONG, halted::countDown);
        lifecycle.start();
        CountDownLatch databaseCloses = new CountDownLatch(1);

        assertThatThrownBy(() -> lifecycle.starting(() -> {
                    lifecycle.opened("database", LONG, () -> {
                        closed.add("database");
                        databaseCloses.countDown();
                    });
                    lifecycle.requestShutdown("a signal");
                    assertThat(isDownWithin(databaseCloses, Duration.ofMillis(300)))
                            .as("closed while the start still uses it")
                            .isFalse();
                    return lifecycle.opened("engine", LONG, () -> closed.add("engine"));
                }))
                .isInstanceOf(Lifecycle.StartGivenUp.class);
        lifecycle.awaitEnd();

        assertThat(closed).containsExactly("engine", "database");
    }

    @Test
    @ExpectedErrors("the stop hangs")
    void a_start_that_hangs_does_not_hold_up_the_watchdog() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Lifecycle lifecycle = new Lifecycle(Duration.ofMillis(50), halted::countDown);
        lifecycle.start();
        Thread starter = new Thread(() -> lifecycle.starting(() -> {
            lifecycle.requestShutdown("a signal");
            return isDownWithin(never, LONG);
        }));
        starter.start();

        assertThat(halted.await(10, TimeUnit.SECONDS)).isTrue();
        never.countDown();
    }

    @Test
    @ExpectedErrors("the stop hangs")
    void the_watchdog_ends_a_stop_that_hangs() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Lifecycle lifecycle = new Lifecycle(Duration.ofMillis(50), halted::countDown);
        lifecycle.start();
        lifecycle.opened("stuck", LONG, never::await);

        lifecycle.requestShutdown("a test");

        assertThat(halted.await(10, TimeUnit.SECONDS)).isTrue();
        never.countDown();
    }

    private static boolean isDownWithin(CountDownLatch latch, Duration limit) {
        try {
            return latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
