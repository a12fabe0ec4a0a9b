package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final FakeTerminal terminal = new FakeTerminal();
    private final StepClock clock = new StepClock();

    @Test
    void a_person_sees_each_step_in_one_line_that_is_cleared() {
        terminal.interactive = true;
        ProgressLine progress = new ProgressLine(terminal, clock, false);

        progress.update("1 %");
        progress.update("2 %");
        progress.clear();

        assertThat(terminal.progress).containsExactly("1 %", "2 %", "");
        assertThat(terminal.err).isEmpty();
    }

    @Test
    void a_log_gets_a_line_every_five_seconds() {
        ProgressLine progress = new ProgressLine(terminal, clock, false);

        for (int second = 0; second < 12; second++) {
            progress.update(second + " s");
            clock.now = clock.now.plus(Duration.ofSeconds(1));
        }
        progress.clear();

        assertThat(terminal.err).containsExactly("0 s", "5 s", "10 s");
        assertThat(terminal.progress).isEmpty();
    }

    @Test
    void programs_get_nothing() {
        ProgressLine progress = new ProgressLine(terminal, clock, true);

        progress.update("1 %");
        progress.clear();

        assertThat(terminal.err).isEmpty();
    }

    private static final class StepClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
