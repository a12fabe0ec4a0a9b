package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who connects for one share more often than libtorrent ever does, which waits a second, and longer each time. Leaving is no offence, and coming back is none.
 * Thread: any.
 */
final class Churn {
    /** Five times as many as an honest device's, which then waits for seconds. */
    static final int MAX = 50;

    static final Duration WINDOW = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final Map<Visitor, Count> counts = new HashMap<>();

    private record Visitor(Device device, InfoHash hash) {}

    private record Count(long sinceNs, int connections) {}

    Churn(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @return whether this one is too many: once in each {@link #WINDOW} */
    synchronized boolean isTooOften(Device device, InfoHash hash) {
        long now = nanoTime.getAsLong();
        if (counts.size() > PeerStreams.MAX_PER_DEVICE) { // those that came lately are few
            counts.values().removeIf(count -> now - count.sinceNs > WINDOW.toNanos());
        }
        Count count = counts.merge(
                new Visitor(device, hash),
                new Count(now, 1),
                (before, one) -> now - before.sinceNs > WINDOW.toNanos()
                        ? one
                        : new Count(before.sinceNs, before.connections + 1));
        return count.connections == MAX + 1;
    }
}
