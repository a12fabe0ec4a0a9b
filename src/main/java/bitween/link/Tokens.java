package bitween.link;

import java.util.function.LongSupplier;

/**
 * How many bytes may pass now, at a rate. Who takes may go into debt once, by what it has already read, and the next one waits until the debt is paid: so no rate
 * is too small for a block, and the mean is exact. Thread: one at a time.
 */
final class Tokens {
    /** What is saved up while nobody takes: a twentieth of a second, so that a burst is not felt. */
    private static final int BURSTS_PER_SECOND = 20;

    private static final int LEAST_PORTION = 1_024;
    private static final long NANOS = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private long bytesPerSecond;
    private double tokens;
    private long filled;

    /** @param nanoTime {@link System#nanoTime}, or a test's */
    Tokens(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        filled = nanoTime.getAsLong();
    }

    /**
     * @param limit bytes per second; 0 for none
     * @return whether that is news
     */
    boolean limit(long limit) {
        if (limit == bytesPerSecond) {
            return false;
        }
        fill();
        bytesPerSecond = limit;
        tokens = Math.min(tokens, 0);
        return true;
    }

    boolean isUnlimited() {
        return bytesPerSecond == 0;
    }

    /** The most that should be taken at once, so that nobody waits long behind one block: of {@code wanted} bytes. */
    int portion(int wanted) {
        return isUnlimited()
                ? wanted
                : (int) Math.min(wanted, Math.max(bytesPerSecond / BURSTS_PER_SECOND, LEAST_PORTION));
    }

    /** Until the next one may take; 0: now. */
    long waitNs() {
        if (isUnlimited()) {
            return 0;
        }
        fill();
        return tokens >= 0 ? 0 : (long) (-tokens / bytesPerSecond * NANOS) + 1;
    }

    void take(int bytes) {
        tokens -= bytes;
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        double earned = (double) (now - filled) * bytesPerSecond / NANOS;
        filled = now;
        tokens = Math.min(tokens + earned, (double) bytesPerSecond / BURSTS_PER_SECOND);
    }
}
