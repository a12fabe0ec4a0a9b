package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.LinkEvent.OutsideSeen;
import bitween.message.PresenceEvent.NetworksChanged;
import bitween.model.AddressFilter;
import bitween.model.AddressFilter.Network;
import bitween.model.Device;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Our address as friends' devices see it: that of the router in front of us, if there is one. It is announced with our own port, because whoever has forwarded that
 * port is reachable there, and nobody else can tell us: no service is asked. Thread: {@code link}, its mailbox.
 *
 * <p>A device has one say for IPv4 and one for IPv6, and the address that most people see wins; who says nothing for a minute counts only, for an hour, while nobody
 * else speaks. So a friend who makes one up makes our friends dial
 * one wrong address, as seldom as any that does not answer.
 */
final class Observed {
    private static final Logger log = LogManager.getLogger(Observed.class);
    /** Pings repeat it each 20 s, so it outlives the last link by that much. */
    static final Duration AGE = Duration.ofHours(1);

    /** Three pings: who is linked has spoken within it. */
    static final Duration FRESH = Duration.ofSeconds(60);

    private static final Duration CHECK = Duration.ofMinutes(10);
    /** More devices than are ever linked at once. */
    static final int MAX_WITNESSES = 256;

    private final Bus bus;
    private final LongSupplier nanoTime;
    private final Map<Witness, Sighting> sightings = new LinkedHashMap<>();
    private AddressFilter filter = new AddressFilter(false, false, List.of(), 0);
    private List<PeerAddress> told = List.of();

    private record Witness(Device device, boolean six) {}

    /** @param local which address of ours it was seen from */
    private record Sighting(InetAddress ip, InetAddress local, long atNs) {
        boolean isFresh(long now) {
            return now - atNs <= FRESH.toNanos();
        }
    }

    Observed(Bus bus, Mailbox mailbox, Timers timers, LongSupplier nanoTime) {
        this.bus = bus;
        this.nanoTime = nanoTime;
        bus.subscribe(NetworksChanged.class, mailbox, this::onNetworksChanged);
        var unused = timers.every(CHECK, mailbox, this::tell);
    }

    /** {@code device}, which is trusted and linked from {@code local}, sees us come from {@code ip}. */
    void saw(Device device, InetAddress local, InetAddress ip) {
        Witness witness = new Witness(device, ip instanceof Inet6Address);
        Sighting before = sightings.get(witness);
        if (before == null || !before.ip.equals(ip)) {
            sightings.remove(witness); // who only repeats it has nothing new to say, and keeps its place
        }
        if (!isOutside(ip)) {
            sightings.remove(witness);
        } else if (sightings.containsKey(witness) || sightings.size() < MAX_WITNESSES) {
            sightings.put(witness, new Sighting(ip, local, nanoTime.getAsLong())); // the newest last
        }
        tell();
    }

    /** What was seen of an address that is gone is void; one more, say of a container's network, changes nothing. */
    private void onNetworksChanged(NetworksChanged event) {
        filter = event.filter();
        sightings.values().removeIf(sighting -> !isOurs(sighting.local));
        tell();
    }

    private boolean isOutside(InetAddress ip) {
        return !ip.isLoopbackAddress() && filter.announces(ip) && !isOurs(ip);
    }

    private boolean isOurs(InetAddress ip) {
        return filter.attached().stream().map(Network::address).anyMatch(ip::equals);
    }

    private boolean isTold(InetAddress ip) {
        return told.stream().anyMatch(address -> address.ip().equals(ip));
    }

    private void tell() {
        long now = nanoTime.getAsLong();
        sightings.values().removeIf(sighting -> now - sighting.atNs > AGE.toNanos());
        List<PeerAddress> addresses = new ArrayList<>();
        int port = filter.ownPort();
        for (boolean six : port == 0 ? new boolean[0] : new boolean[] {false, true}) {
            mostSeen(six).forEach(ip -> addresses.add(new PeerAddress(ip, port)));
        }
        if (!addresses.equals(told)) {
            told = List.copyOf(addresses);
            log.debug("friends' devices see us at {}", told);
            bus.publish(new OutsideSeen(told));
        }
    }

    /** The one that most people see; of several, the one that is told already, or else the newest. Empty or one. */
    private List<InetAddress> mostSeen(boolean six) {
        Map<InetAddress, Set<Jid>> people = new HashMap<>();
        List<InetAddress> lastFirst = new ArrayList<>();
        long now = nanoTime.getAsLong();
        boolean anyFresh = sightings.entrySet().stream()
                .anyMatch(entry -> entry.getKey().six == six && entry.getValue().isFresh(now));
        sightings.forEach((witness, sighting) -> {
            if (witness.six == six && (!anyFresh || sighting.isFresh(now))) {
                people.computeIfAbsent(sighting.ip, unknown -> new HashSet<>()).add(witness.device.jid());
                lastFirst.add(0, sighting.ip);
            }
        });
        return lastFirst.stream()
                .distinct()
                .sorted(Comparator.comparing((InetAddress ip) ->
                                people.getOrDefault(ip, Set.of()).size())
                        .thenComparing(this::isTold)
                        .reversed())
                .limit(1)
                .toList();
    }
}
