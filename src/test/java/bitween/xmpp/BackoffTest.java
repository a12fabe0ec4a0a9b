package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(60), new Random(1));

    @Test
    void each_wait_is_up_to_twice_the_last_until_the_cap() {
        for (long most = 500; most < 60_000; most *= 2) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(backoff.next()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
        }
    }

    @Test
    void nobody_waits_so_long_that_they_are_not_back_within_15_s_after_their_server() {
        Duration login = Duration.ofSeconds(3);

        assertThat(Pace.USUAL.lastRetry())
                .isLessThanOrEqualTo(Duration.ofSeconds(15).minus(login));
    }

    @Test
    void what_an_attempt_took_is_part_of_the_wait_but_nobody_tries_without_any() {
        for (int i = 0; i < 10; i++) {
            backoff.next();
        }

        for (int i = 0; i < 100; i++) {
            assertThat(backoff.next(Duration.ofSeconds(29))).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(31));
            assertThat(backoff.next(Duration.ofMinutes(5))).isEqualTo(Duration.ofMillis(250));
        }
    }

    @Test
    void success_starts_it_over() {
        for (int i = 0; i < 5; i++) {
            backoff.next();
        }

        backoff.reset();

        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(500));
    }
}
