package bitween.xmpp;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What all streams through the server send together, held to a rate: each block in its turn. Thread: any; it waits for nobody, but tells for how long one has to. */
final class Outflow {
    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    /** When all that had its turn is paid for. */
    private long paidNs;

    /** @param bytesPerSecond 0: no limit */
    Outflow(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        paidNs = nanoTime.getAsLong();
    }

    /** Takes the next turn. @return how many nanoseconds it is away */
    synchronized long take(int bytes) {
        if (bytesPerSecond == 0) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long waitNs = Math.max(0, paidNs - now);
        paidNs = now + waitNs + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
        return waitNs;
    }
}
