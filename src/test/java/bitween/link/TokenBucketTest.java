package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TokenBucketTest {
    private final AtomicLong nanos = new AtomicLong();
    private final TokenBucket bucket = new TokenBucket(nanos::get);

    @Test
    void without_a_limit_nobody_waits() throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            bucket.take(Integer.MAX_VALUE, () -> false);
        }

        assertThat(bucket.portion(1_000_000)).isEqualTo(1_000_000);
    }

    @Test
    void what_is_taken_in_a_minute_is_the_rate_within_a_percent() throws InterruptedException {
        bucket.limit(100_000);
        long taken = 0;

        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 1_000; i++) {
                nanos.addAndGet(1_000_000);
                taken += takeWhatIsThere();
            }
        }

        assertThat(taken).isBetween(5_940_000L, 6_060_000L);
    }

    @Test
    void a_block_larger_than_the_rate_goes_into_debt_and_the_next_one_waits() throws Exception {
        bucket.limit(1_000);
        bucket.take(5_000, () -> false);

        CompletableFuture<Void> next = CompletableFuture.runAsync(this::take);

        assertThat(next.isDone()).isFalse();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        bucket.limit(1_001); // wakes who waits; the clock is not a real one
        next.get(10, TimeUnit.SECONDS);
    }

    @Test
    void who_waits_goes_on_when_the_limit_is_taken_away() throws Exception {
        bucket.limit(1);
        bucket.take(1_000_000, () -> false);
        CompletableFuture<Void> next = CompletableFuture.runAsync(this::take);

        bucket.limit(0);

        next.get(10, TimeUnit.SECONDS);
    }

    @Test
    void who_waits_goes_on_when_it_is_over() throws Exception {
        bucket.limit(1);
        bucket.take(1_000_000, () -> false);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> take(over::get));
        assertThat(next.isDone()).isFalse();

        over.set(true);
        bucket.wake();

        next.get(10, TimeUnit.SECONDS);
    }

    @Test
    void nothing_is_saved_up_for_longer_than_a_moment() throws InterruptedException {
        bucket.limit(100_000);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));

        assertThat(takeWhatIsThere()).isLessThanOrEqualTo(2 * 5_000);
    }

    private void take() {
        take(() -> false);
    }

    private void take(BooleanSupplier over) {
        try {
            bucket.take(1, over);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes portions as long as nobody has to wait. */
    private long takeWhatIsThere() throws InterruptedException {
        long taken = 0;
        while (!bucket.isInDebt()) {
            int portion = bucket.portion(5_000);
            bucket.take(portion, () -> false);
            taken += portion;
        }
        return taken;
    }
}
