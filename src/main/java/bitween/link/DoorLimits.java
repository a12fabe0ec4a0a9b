package bitween.link;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How many connections may be open that have not proved a key yet: in all, and from one network, so that a stranger's thousand do not keep a friend out. Thread:
 * any.
 */
final class DoorLimits {
    static final int MAX = 64;
    /** One household, one carrier's customer. */
    static final int MAX_PER_NETWORK = 8;

    private static final int NETWORK_BYTES_4 = 3;
    private static final int NETWORK_BYTES_6 = 7;

    private final Map<String, Integer> byNetwork = new HashMap<>();
    private int open;

    /** @return to be closed when the key is proved or the connection has ended; null: no more may be open */
    synchronized @Nullable Place enter(InetAddress from) {
        String network = networkOf(from);
        int there = byNetwork.getOrDefault(network, 0);
        // many daemons of one's own, behind no network at all
        if (open >= MAX || (there >= MAX_PER_NETWORK && !from.isLoopbackAddress())) {
            return null;
        }
        open++;
        byNetwork.put(network, there + 1);
        AtomicBoolean left = new AtomicBoolean();
        return () -> {
            if (!left.getAndSet(true)) {
                leave(network);
            }
        };
    }

    /** A connection's place among the unproven. */
    interface Place extends AutoCloseable {
        /** Idempotent. */
        @Override
        void close();
    }

    private synchronized void leave(String network) {
        open--;
        byNetwork.computeIfPresent(network, (unused, there) -> there == 1 ? null : there - 1);
    }

    /** A /24 or a /56. */
    private static String networkOf(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        return Arrays.toString(Arrays.copyOf(bytes, bytes.length == 4 ? NETWORK_BYTES_4 : NETWORK_BYTES_6));
    }
}
