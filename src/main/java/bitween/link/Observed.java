package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.OutsideSeen;
import bitween.message.LinkEvent.TrustChanged;
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
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Our address as friends' devices see it: that of the router in front of us, if there is one. It is announced with our own port, because whoever has forwarded that
 * port is reachable there, and nobody else can tell us: no service is asked. Thread: {@code link}, its mailbox.
 *
 * <p>A device has one say for IPv4 and one for IPv6; who says nothing for a minute counts only, for an hour, while nobody else speaks. What a device of our own account
 * sees wins, else what most people see. What two people have said is believed as long as anybody says it; for one person's word see {@link Hearsay}: a friend alone
 * cannot make us announce somebody else's address as ours, to be dialled by our other friends.
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
    private final Jid self;
    private final LongSupplier nanoTime;
    private final Hearsay hearsay;
    private final Map<Witness, Sighting> sightings = new LinkedHashMap<>();
    /** Of those that are seen now, what two people have said, or a device of our own account. */
    private final Set<InetAddress> confirmed = new HashSet<>();

    private AddressFilter filter = new AddressFilter(false, false, List.of(), 0);
    private List<PeerAddress> told = List.of();

    private record Witness(Device device, boolean six) {}

    /** @param local which address of ours it was seen from */
    private record Sighting(InetAddress ip, InetAddress local, long atNs) {
        boolean isFresh(long now) {
            return now - atNs <= FRESH.toNanos();
        }
    }

    /** @param self our account, whose devices are taken at their word */
    Observed(Bus bus, Mailbox mailbox, Timers timers, Jid self, LongSupplier nanoTime) {
        this.bus = bus;
        this.self = self;
        this.nanoTime = nanoTime;
        hearsay = new Hearsay(timers, mailbox, this::tell);
        bus.subscribe(NetworksChanged.class, mailbox, this::onNetworksChanged);
        bus.subscribe(TrustChanged.class, mailbox, this::onTrustChanged);
        bus.subscribe(DeviceAnnounced.class, mailbox, this::onDeviceAnnounced);
        bus.subscribe(DeviceGone.class, mailbox, this::onDeviceGone);
        bus.subscribe(LinkChanged.class, mailbox, this::onLinkChanged);
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

    private void onTrustChanged(TrustChanged event) {
        sightings.keySet().removeIf(witness -> !event.trusted().contains(witness.device));
        tell();
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        hearsay.came(event.device());
        tell();
    }

    private void onDeviceGone(DeviceGone event) {
        hearsay.went(event.device());
        tell();
    }

    private void onLinkChanged(LinkChanged event) {
        hearsay.linked(event.device(), event.path() != null && event.path().isDirect());
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
        confirmed.retainAll(sightings.values().stream().map(Sighting::ip).collect(Collectors.toSet()));
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

    /** The one that our own devices see, or else that most people see; of several, the one that is told already, or else the newest. Empty or one. */
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
        people.forEach((ip, all) -> {
            if (all.size() > 1 || all.contains(self)) {
                confirmed.add(ip);
            }
        });
        return lastFirst.stream()
                .distinct()
                .sorted(Comparator.comparing(
                                (InetAddress ip) -> saidBy(people, ip).contains(self))
                        .thenComparing(ip -> saidBy(people, ip).size())
                        .thenComparing(confirmed::contains)
                        .thenComparing(this::isTold)
                        .reversed())
                .filter(ip -> confirmed.contains(ip)
                        || hearsay.isEnough(saidBy(people, ip).iterator().next(), ip, now))
                .limit(1)
                .toList();
    }

    private static Set<Jid> saidBy(Map<InetAddress, Set<Jid>> people, InetAddress ip) {
        return people.getOrDefault(ip, Set.of());
    }
}
