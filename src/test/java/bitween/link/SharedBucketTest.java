package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Jid;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SharedBucketTest {
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Jid BOB = new Jid("bob@example.org");

    private final AtomicLong nanos = new AtomicLong();
    private final SharedBucket bucket = new SharedBucket(nanos::get);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void without_a_limit_nobody_waits() throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            bucket.take(ALICE, Integer.MAX_VALUE, () -> false);
        }

        assertThat(bucket.portion(1_000_000)).isEqualTo(1_000_000);
    }

    @Test
    void who_waits_goes_on_when_the_limit_is_taken_away_or_it_is_over() throws Exception {
        bucket.limit(1);
        bucket.take(ALICE, 1_000_000, () -> false);
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> take(ALICE, 1, over), threads);
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> take(BOB, 1, new AtomicBoolean()), threads);
        untilWaiting(2);

        over.set(true);
        bucket.wake();
        one.get(10, TimeUnit.SECONDS);
        assertThat(other).isNotDone();
        bucket.limit(0);

        other.get(10, TimeUnit.SECONDS);
    }

    @Test
    void each_friend_gets_its_part_of_the_rate_whatever_the_number_of_its_connections() {
        bucket.limit(1_000);
        take(ALICE, 1_000, new AtomicBoolean()); // what there is at once
        AtomicLong bobs = new AtomicLong();
        AtomicLong alices = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        for (int connection = 0; connection < 11; connection++) {
            Jid friend = connection == 0 ? BOB : ALICE;
            threads.execute(() -> {
                while (!over.get()) {
                    take(friend, 1_000, over);
                    (friend.equals(BOB) ? bobs : alices).incrementAndGet();
                }
            });
        }

        for (int second = 1; second <= 40; second++) {
            untilWaiting(11);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            bucket.wake();
            while (alices.get() + bobs.get() < second) {
                Thread.onSpinWait();
            }
        }

        long turns = bobs.get();
        over.set(true);
        bucket.wake();
        assertThat(turns).isBetween(19L, 21L);
    }

    private void take(Jid friend, int bytes, AtomicBoolean over) {
        try {
            bucket.take(friend, bytes, over::get);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void untilWaiting(int takers) {
        while (bucket.waiting() < takers) {
            Thread.onSpinWait();
        }
    }
}
