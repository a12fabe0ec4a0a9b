package bitween.link;

import bitween.model.PeerAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Keeps anybody from aiming us at a victim: an address that a friend names is dialled a few times and then no more for a while, until a device there has
 * proved its key. A few, as two new friends confirm each other in some order, and whoever dials first is sent away.
 * Thread: any.
 */
final class DialLimits {
    private static final long PER_ADDRESS_NS = Duration.ofSeconds(30).toNanos();

    static final int PER_ADDRESS = 3;
    private static final long MINUTE_NS = Duration.ofMinutes(1).toNanos();
    /** To unproven addresses, of all friends together. */
    private static final int PER_MINUTE = 64;
    /** Eight for each of some hundred friends' devices. */
    private static final int MAX_PROVEN = 1_024;

    private final LongSupplier nanoTime;
    /** When, the last few times. */
    private final Map<PeerAddress, Deque<Long>> dialled = new HashMap<>();

    private final Deque<Long> lastMinute = new ArrayDeque<>();
    private final Set<PeerAddress> proven = new HashSet<>();

    /** @param nanoTime {@link System#nanoTime}, or a test's */
    DialLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Asks for a dial to {@code address} now. */
    synchronized boolean permits(PeerAddress address) {
        if (proven.contains(address)) {
            return true;
        }
        long now = nanoTime.getAsLong();
        forgetOld(now);
        Deque<Long> times = dialled.getOrDefault(address, new ArrayDeque<>());
        if (times.size() >= PER_ADDRESS || lastMinute.size() >= PER_MINUTE) {
            return false;
        }
        times.add(now);
        dialled.put(address, times);
        lastMinute.add(now);
        return true;
    }

    /** A friend's device proved its key at {@code address}. */
    synchronized void proved(PeerAddress address) {
        if (proven.size() < MAX_PROVEN) {
            proven.add(address);
        }
    }

    /** A proven address did not answer, or somebody else did. */
    synchronized void failed(PeerAddress address) {
        proven.remove(address);
    }

    private void forgetOld(long now) {
        while (!lastMinute.isEmpty() && now - lastMinute.peek() > MINUTE_NS) {
            lastMinute.remove();
        }
        dialled.values().removeIf(times -> {
            times.removeIf(time -> now - time > PER_ADDRESS_NS);
            return times.isEmpty();
        });
    }
}
