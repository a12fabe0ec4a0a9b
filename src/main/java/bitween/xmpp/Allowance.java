package bitween.xmpp;

import java.time.Duration;
import java.util.function.LongSupplier;

/** So many times in so long, and no more until that time is over. Thread: any. */
final class Allowance {
    private final int most;
    private final long periodNs;
    private final LongSupplier nanoTime;
    private int taken;
    private long begunNs;

    Allowance(int most, Duration period, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        periodNs = period.toNanos();
        begunNs = nanoTime.getAsLong();
    }

    /** Whether it may be now, which counts. */
    synchronized boolean take() {
        long now = nanoTime.getAsLong();
        if (now - begunNs >= periodNs) {
            begunNs = now;
            taken = 0;
        }
        if (taken >= most) {
            return false;
        }
        taken++;
        return true;
    }
}
