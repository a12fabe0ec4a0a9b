package bitween.xmpp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: doubled each time, up to a cap, and shortened by up to a half at random so that clients do not return together. */
final class Backoff {
    /** 2^20 times any base is past any cap. */
    private static final int MAX_DOUBLINGS = 20;

    private final Duration base;
    private final Duration cap;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration base, Duration cap, RandomGenerator random) {
        this.base = base;
        this.cap = cap;
        this.random = random;
    }

    Duration next() {
        return next(Duration.ZERO);
    }

    /** @param spent what the attempt took that failed: the wait counts from its beginning, but is never shorter than half the shortest */
    Duration next(Duration spent) {
        long wait = Math.min(cap.toMillis(), base.toMillis() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        long drawn = wait - random.nextLong(wait / 2 + 1);
        return Duration.ofMillis(Math.max(drawn - spent.toMillis(), Math.min(drawn, base.toMillis() / 2)));
    }

    void reset() {
        failures = 0;
    }
}
