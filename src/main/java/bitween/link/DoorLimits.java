package bitween.link;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many connections may be open that have not proved a key yet: in all, and from one network. A newcomer is always let in; who has stood there longest, in the
 * same network or in the one with the most, makes room. A friend proves a key within a few round trips, so a stranger's thousand that say nothing, or say it
 * slowly, keep no friend out, also not one of the same network. Thread: any.
 */
final class DoorLimits {
    static final int MAX = 64;
    /** One household, one carrier's customer. */
    static final int MAX_PER_NETWORK = 8;

    private static final int NETWORK_BYTES_4 = 3;
    private static final int NETWORK_BYTES_6 = 7;

    /** By network, the longest first. */
    private final Map<String, Set<Place>> networks = new HashMap<>();

    private int open;

    /**
     * @param sendAway called when somebody else needs the place, at most once, by whoever brings them; must not block
     * @return to be closed when the key is proved or the connection has ended
     */
    Place enter(InetAddress from, Runnable sendAway) {
        Place place = new Place(networkOf(from), sendAway);
        Place oldest = place(place, from.isLoopbackAddress()); // many daemons of one's own, behind no network at all
        if (oldest != null) {
            oldest.sendAway.run();
        }
        return place;
    }

    private synchronized @Nullable Place place(Place place, boolean here) {
        Set<Place> same = networks.getOrDefault(place.network, Set.of());
        Place oldest = null;
        if (same.size() >= MAX_PER_NETWORK && !here) {
            oldest = same.iterator().next();
        } else if (open >= MAX) {
            oldest = networks.values().stream()
                    .max(Comparator.comparingInt(Set::size))
                    .orElseThrow()
                    .iterator()
                    .next();
        }
        if (oldest != null) {
            leave(oldest);
        }
        networks.computeIfAbsent(place.network, unknown -> new LinkedHashSet<>())
                .add(place);
        open++;
        return oldest;
    }

    private synchronized void leave(Place place) {
        Set<Place> same = networks.get(place.network);
        if (same != null && same.remove(place)) {
            open--;
            if (same.isEmpty()) {
                networks.remove(place.network);
            }
        }
    }

    /** A connection's place among the unproven. */
    final class Place implements AutoCloseable {
        private final String network;
        private final Runnable sendAway;

        private Place(String network, Runnable sendAway) {
            this.network = network;
            this.sendAway = sendAway;
        }

        /** Idempotent. */
        @Override
        public void close() {
            leave(this);
        }
    }

    /** A /24 or a /56. */
    private static String networkOf(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        return Arrays.toString(Arrays.copyOf(bytes, bytes.length == 4 ? NETWORK_BYTES_4 : NETWORK_BYTES_6));
    }
}
