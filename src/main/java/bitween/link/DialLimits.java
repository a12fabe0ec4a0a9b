package bitween.link;

import bitween.model.PeerAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Keeps anybody from aiming us at a victim: an address that a friend names is dialled once in a while and no more, until a device there has proved its key.
 * Thread: any.
 */
final class DialLimits {
    private static final long PER_ADDRESS_NS = Duration.ofSeconds(30).toNanos();
    private static final long MINUTE_NS = Duration.ofMinutes(1).toNanos();
    /** To unproven addresses, of all friends together. */
    private static final int PER_MINUTE = 64;
    /** Eight for each of some hundred friends' devices. */
    private static final int MAX_PROVEN = 1_024;

    private final LongSupplier nanoTime;
    private final Map<PeerAddress, Long> dialled = new HashMap<>();
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
        if (dialled.containsKey(address) || lastMinute.size() >= PER_MINUTE) {
            return false;
        }
        dialled.put(address, now);
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
        for (Iterator<Long> times = dialled.values().iterator(); times.hasNext(); ) {
            if (now - times.next() > PER_ADDRESS_NS) {
                times.remove();
            }
        }
    }
}
