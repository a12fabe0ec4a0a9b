package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Mailbox;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.junit.jupiter.api.Test;

class VigilTest {
    private static final Duration LOGIN = Duration.ofSeconds(2);

    private final FakeTimers timers = new FakeTimers();
    private final ManualExecutor threads = new ManualExecutor(0);
    private final Mailbox mailbox = threads.lane("xmpp");
    private final List<Exception> lost = new ArrayList<>();
    private final FakeLine line = new FakeLine();
    private final Vigil vigil = new Vigil(timers, mailbox, timers::nanoTime, Pace.USUAL, () -> line.lasting++);

    @Test
    void a_line_that_carries_nothing_any_more_is_given_up_so_soon_that_a_login_fits_into_15_s() {
        online();
        pass(Duration.ofMinutes(3));
        assertThat(lost).isEmpty();

        line.hears = false;
        line.isHeard = false;
        pass(Duration.ofSeconds(15).minus(LOGIN));

        assertThat(lost).hasSize(1);
    }

    @Test
    void an_idle_line_is_asked_twelve_times_a_minute_and_no_more() {
        online();

        pass(Duration.ofMinutes(10));

        assertThat(line.asked).hasSizeBetween(110, 120);
    }

    @Test
    void a_server_that_speaks_is_asked_three_times_a_minute() {
        online();

        for (int i = 0; i < 600; i++) {
            line.speak();
            pass(Duration.ofSeconds(1));
        }

        assertThat(line.asked).hasSizeBetween(28, 30);
    }

    @Test
    void who_has_much_to_read_before_the_question_is_given_the_time_for_it() {
        online();
        pass(Duration.ofSeconds(1));
        line.hears = false;

        line.sentBytes += 10_000;
        pass(Duration.ofSeconds(1));
        vigil.ask();

        assertThat(line.patience()).isEqualTo(Pace.USUAL.pingTimeout().plusSeconds(5));
    }

    @Test
    void what_was_said_before_an_answered_question_is_read() {
        online();
        line.sentBytes += 10_000;
        vigil.ask();

        pass(Duration.ofSeconds(10));

        assertThat(line.patience()).isLessThan(Pace.USUAL.pingTimeout().plusSeconds(1));
    }

    @Test
    void nobody_may_be_silent_for_longer_than_20_s() {
        online();
        line.hears = false;

        line.sentBytes += 1_000_000_000;
        vigil.ask();

        assertThat(line.patience()).isEqualTo(Vigil.LONGEST_SILENCE);
    }

    @Test
    void a_server_that_comes_late_to_our_question_but_speaks_is_not_given_up_for_a_minute() {
        online();
        line.hears = false;

        for (int i = 0; i < 55; i++) {
            line.speak();
            pass(Duration.ofSeconds(1));
        }
        assertThat(lost).isEmpty();
        for (int i = 0; i < 15; i++) {
            line.speak();
            pass(Duration.ofSeconds(1));
        }

        assertThat(lost).hasSize(1);
    }

    @Test
    void a_session_that_lasts_is_told_and_one_that_has_just_begun_is_not() {
        online();

        pass(Pace.USUAL.ping());
        assertThat(line.lasting).isZero();
        pass(Pace.USUAL.ping());

        assertThat(line.lasting).isPositive();
    }

    @Test
    void what_is_over_is_not_asked_any_more_nor_lost() {
        online();
        line.isHeard = false;
        pass(Duration.ofSeconds(6));
        int asked = line.asked.size();

        vigil.offline();
        pass(Duration.ofMinutes(1));

        assertThat(asked).isOne();
        assertThat(line.asked).hasSize(asked);
        assertThat(lost).isEmpty();
    }

    private void online() {
        vigil.online(line, reason -> {
            lost.add(reason);
            vigil.offline();
        });
    }

    private void pass(Duration time) {
        for (Duration left = time; !left.isZero(); left = left.minus(FakeLine.STEP)) {
            timers.advance(FakeLine.STEP);
            threads.runAll();
        }
    }

    /** Of a server that answers after a moment. */
    private final class FakeLine implements Vigil.Line {
        private static final Duration STEP = Duration.ofMillis(100);

        private final List<Duration> asked = new ArrayList<>();
        private long heardNs;
        private long sentBytes;
        private int lasting;
        /** Whether what we say reaches it. */
        private boolean hears = true;
        /** Whether what it says reaches us. */
        private boolean isHeard = true;

        private void speak() {
            heardNs = timers.nanoTime();
        }

        private Duration patience() {
            return asked.get(asked.size() - 1);
        }

        @Override
        public long heardNs() {
            return heardNs;
        }

        @Override
        public long sentBytes() {
            return sentBytes;
        }

        @Override
        public CompletableFuture<?> ping(Duration timeout) {
            asked.add(timeout);
            CompletableFuture<Object> answer = new CompletableFuture<>();
            sentBytes += 100;
            if (hears && isHeard) {
                timers.after(STEP, mailbox, () -> {
                    speak();
                    answer.complete("pong");
                });
            } else {
                timers.after(
                        timeout,
                        mailbox,
                        () -> answer.completeExceptionally(SmackException.NoResponseException.newWith(
                                timeout.toMillis(), StanzaTypeFilter.IQ, false)));
            }
            return answer;
        }
    }
}
