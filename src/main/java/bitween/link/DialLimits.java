package bitween.link;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Keeps anybody from aiming us at a victim. Where a device has not proved its key we dial a few times and then no more for a while: counted for each port, for each
 * address whatever the port, for its network, for the friend who names it, and for all together. A few, as two new friends confirm each other in some order, and
 * whoever dials first is sent away.
 *
 * <p>What one friend makes up takes nothing from the others: of an address, of its network and of the whole a friend has a share, and who has used little is served also
 * when all together have used much. What a device has proved counts for it alone, whatever others say of the same address. Thread: any.
 */
final class DialLimits {
    /** At one port. */
    static final int PER_ADDRESS = 3;
    /** At one address, by one friend: two devices in one home, that move at the same time. */
    static final int PER_IP_AND_FRIEND = 4;
    /** At one address, by all: two friends in one home. */
    static final int PER_IP = 8;
    /** In one network, by one friend, and by all: a device has up to eight addresses in one of IPv6. */
    static final int PER_NETWORK_AND_FRIEND = 16;

    static final int PER_NETWORK = 32;
    private static final Duration SHORT = Duration.ofSeconds(30);

    /** At one address, so that it is two a minute at most, however long it goes on; an honest device that does not answer is dialled twelve times an hour. */
    static final int PER_IP_AND_HOUR = 120;

    static final int PER_IP_FRIEND_AND_HOUR = 60;
    private static final Duration LONG = Duration.ofHours(1);

    /** A device's eight addresses, three times. */
    static final int PER_FRIEND = 24;
    /** By all; beyond, only who has used less than {@link #SURE}. */
    static final int IN_ALL = 64;
    /** One device's eight addresses once. */
    static final int SURE = 8;
    /** Whatever anybody has used: four a second are no flood. */
    static final int MOST = 256;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** As many as are announced at a time. */
    private static final int MAX_PROVEN = 8;

    private static final int NETWORK_BYTES_4 = 3;
    private static final int NETWORK_BYTES_6 = 8;

    private final LongSupplier nanoTime;
    private final Recent<Object> lately = new Recent<>(SHORT);
    private final Recent<Object> lastHour = new Recent<>(LONG);
    private final Recent<Object> lastMinute = new Recent<>(MINUTE);
    /** Where each was reached, the newest last. As many devices as are trusted. */
    private final Map<Device, Set<PeerAddress>> proven = new HashMap<>();

    private record OfFriend(Jid friend, Object what) {}

    private record All() {}

    /** @param nanoTime {@link System#nanoTime}, or a test's */
    DialLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Asks for a dial now to {@code address}, as one of those that {@code device} announces. */
    synchronized boolean permits(Device device, PeerAddress address) {
        if (proven.getOrDefault(device, Set.of()).contains(address)) {
            return true;
        }
        long now = nanoTime.getAsLong();
        List.of(lately, lastHour, lastMinute).forEach(window -> window.forgetOld(now));
        Jid friend = device.jid();
        boolean permitted = hasTurn(friend)
                && lately.count(address) < PER_ADDRESS
                && (address.ip().isLoopbackAddress() || spares(friend, address.ip(), now));
        if (permitted) {
            lately.add(address, now);
            lastMinute.add(friend, now);
            lastMinute.add(new All(), now);
        }
        return permitted;
    }

    private boolean hasTurn(Jid friend) {
        int all = lastMinute.count(new All());
        int own = lastMinute.count(friend);
        return all < IN_ALL ? own < PER_FRIEND : own < SURE && all < MOST;
    }

    /** Counts it, unless it would be too much for who lives there. This machine is nobody else's. */
    private boolean spares(Jid friend, InetAddress ip, long now) {
        Bytes network = networkOf(ip);
        OfFriend atIp = new OfFriend(friend, ip);
        OfFriend inNetwork = new OfFriend(friend, network);
        boolean spared = lately.count(ip) < PER_IP
                && lately.count(atIp) < PER_IP_AND_FRIEND
                && lately.count(network) < PER_NETWORK
                && lately.count(inNetwork) < PER_NETWORK_AND_FRIEND
                && lastHour.count(ip) < PER_IP_AND_HOUR
                && lastHour.count(atIp) < PER_IP_FRIEND_AND_HOUR;
        if (spared) {
            List.of(ip, atIp, network, inNetwork).forEach(key -> lately.add(key, now));
            List.of(ip, atIp).forEach(key -> lastHour.add(key, now));
        }
        return spared;
    }

    /** The device proved its key at {@code address}. */
    synchronized void proved(Device device, PeerAddress address) {
        Set<PeerAddress> places = proven.computeIfAbsent(device, first -> new LinkedHashSet<>());
        places.remove(address);
        if (places.size() >= MAX_PROVEN) {
            places.remove(places.iterator().next());
        }
        places.add(address);
    }

    /** At an address where it had proved its key the device did not answer, or somebody else did. */
    synchronized void failed(Device device, PeerAddress address) {
        Set<PeerAddress> places = proven.get(device);
        if (places != null && places.remove(address) && places.isEmpty()) {
            proven.remove(device);
        }
    }

    /** A /24, which is one owner's at least; or a /64, which is one home's or one machine's. */
    private static Bytes networkOf(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        return Bytes.of(Arrays.copyOf(bytes, bytes.length == 4 ? NETWORK_BYTES_4 : NETWORK_BYTES_6));
    }
}
