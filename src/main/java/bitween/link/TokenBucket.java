package bitween.link;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Holds bytes back to a rate, which may change at any time. Thread: any; a taker waits for its turn.
 *
 * <p>Who takes may go into debt once, by what it has already read, and the next one waits until the debt is paid: so no rate is too small for a block, and the
 * mean is exact.
 */
final class TokenBucket {
    /** What is saved up while nobody takes: a twentieth of a second, so that a burst is not felt. */
    private static final int BURSTS_PER_SECOND = 20;

    private static final long NANOS = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private long bytesPerSecond;
    private double tokens;
    private long filled;

    /** @param nanoTime {@link System#nanoTime}, or a test's */
    TokenBucket(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        filled = nanoTime.getAsLong();
    }

    /** @param limit bytes per second; 0 for none. Who waits now waits by the new rate. */
    synchronized void limit(long limit) {
        if (limit == bytesPerSecond) {
            return;
        }
        fill();
        bytesPerSecond = limit;
        tokens = Math.min(tokens, 0);
        notifyAll();
    }

    /** The most that should be taken at once, so that nobody waits long behind one block: of {@code wanted} bytes. */
    synchronized int portion(int wanted) {
        long fair = Math.max(bytesPerSecond / BURSTS_PER_SECOND, 1_024);
        return bytesPerSecond == 0 ? wanted : (int) Math.min(wanted, fair);
    }

    /**
     * Takes {@code bytes}, after waiting until earlier ones are paid for.
     *
     * @param over asked at each {@link #wake}: once it is, nothing is taken and nobody waits
     * @throws InterruptedException when the waiting thread is asked to stop
     */
    synchronized void take(int bytes, BooleanSupplier over) throws InterruptedException {
        while (true) {
            if (bytesPerSecond == 0 || over.getAsBoolean()) {
                return;
            }
            fill();
            if (tokens >= 0) {
                tokens -= bytes;
                return;
            }
            long waitNs = (long) (-tokens / bytesPerSecond * NANOS) + 1;
            wait(waitNs / 1_000_000, (int) (waitNs % 1_000_000));
        }
    }

    /** Who waits looks again whether it is over. */
    synchronized void wake() {
        notifyAll();
    }

    /** Whether the next taker has to wait. */
    synchronized boolean isInDebt() {
        fill();
        return bytesPerSecond > 0 && tokens < 0;
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        double earned = (double) (now - filled) * bytesPerSecond / NANOS;
        filled = now;
        tokens = Math.min(tokens + earned, (double) bytesPerSecond / BURSTS_PER_SECOND);
    }
}
