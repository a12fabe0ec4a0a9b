package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bus.Mailbox;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Jid EVE = new Jid("eve@b.test");
    private static final Jid BOB = new Jid("bob@b.test");
    private static final Duration STEP = Duration.ofMillis(10);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Mailbox io = threads.lane("io");
    private final FakeTimers timers = new FakeTimers();
    private long nowNs;
    private final Turns turns = new Turns(io, timers, () -> nowNs);
    private final List<String> done = new ArrayList<>();

    @Test
    void what_is_little_work_is_answered_at_once_however_often_it_is_asked() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(asks(EVE, "page " + i, Duration.ofNanos(20_000))).isCompletedWithValue("page " + i);
            pass(Duration.ofNanos(100_000));
        }
    }

    @Test
    void who_asks_for_much_work_over_and_over_gets_a_third_of_the_time_in_the_order_of_asking() {
        for (int i = 0; i < 200; i++) {
            var unused = asks(EVE, "list " + i, Duration.ofMillis(300));
        }
        assertThat(done).containsExactly("list 0", "list 1", "list 2");
        done.clear();

        pass(Duration.ofSeconds(90));

        assertThat(done).hasSizeBetween(95, 101).startsWith("list 3", "list 4", "list 5");
    }

    @Test
    void others_do_not_wait_for_it() {
        for (int i = 0; i < 200; i++) {
            var unused = asks(EVE, "list " + i, Duration.ofMillis(300));
        }

        assertThat(asks(BOB, "bob's", Duration.ofMillis(300))).isCompletedWithValue("bob's");
    }

    @Test
    void who_was_quiet_for_a_while_has_the_half_second_again() {
        var unused = asks(EVE, "one", Duration.ofSeconds(1));
        assertThat(asks(EVE, "two", Duration.ZERO)).isNotDone();

        pass(Duration.ofSeconds(10));

        assertThat(done).containsExactly("one", "two");
        assertThat(asks(EVE, "three", Duration.ofMillis(400))).isCompleted();
        assertThat(asks(EVE, "four", Duration.ofMillis(400))).isCompleted();
        assertThat(asks(EVE, "five", Duration.ofMillis(400))).isNotDone();
    }

    @Test
    void who_asks_on_while_all_that_may_wait_waits_is_refused() {
        for (int i = 0; i <= Turns.MAX_WAITING; i++) {
            var unused = asks(EVE, "list " + i, Duration.ofSeconds(1));
        }

        CompletableFuture<String> refused = asks(EVE, "one more", Duration.ZERO);

        assertThatThrownBy(refused::join)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .extracting(UserException::code)
                .isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void work_that_fails_is_its_own_answer_alone() {
        CompletableFuture<String> fails = turns.take(EVE, () -> {
            throw new UserException(ErrorCode.UNKNOWN_SHARE, "nobody knows", "");
        });

        assertThat(fails).isCompletedExceptionally();
        assertThat(asks(EVE, "next", Duration.ZERO)).isCompletedWithValue("next");
    }

    private CompletableFuture<String> asks(Jid who, String what, Duration work) {
        return turns.take(who, () -> {
            nowNs += work.toNanos();
            done.add(what);
            return what;
        });
    }

    /** Time goes on also while work is done, so that there is less to pass. */
    private void pass(Duration time) {
        for (long end = nowNs + time.toNanos(); nowNs < end; ) {
            long before = nowNs;
            Duration step = time.compareTo(STEP) < 0 ? time : STEP;
            nowNs += step.toNanos();
            timers.advance(step);
            threads.runAll();
            Duration worked = Duration.ofNanos(nowNs - before).minus(step);
            timers.advance(worked);
        }
    }
}
