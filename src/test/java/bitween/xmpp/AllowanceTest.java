package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Allowance twice = new Allowance(2, Duration.ofSeconds(1), nanos::get);

    @Test
    void so_often_and_no_more_until_the_time_is_over() {
        assertThat(twice.take()).isTrue();
        assertThat(twice.take()).isTrue();
        assertThat(twice.take()).isFalse();

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(twice.take()).isTrue();
    }
}
