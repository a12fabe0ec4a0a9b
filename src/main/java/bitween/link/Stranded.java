package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.PresenceEvent.NetworksChanged;
import bitween.model.AddressFilter.Network;
import bitween.model.Device;
import bitween.model.PeerAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the connections that lead nowhere any more: from an address that we had; and those that may lead nowhere: to an address that a device announced before and
 * announces no longer. TCP itself sends into the void for many minutes. Thread: {@code link}, its mailbox.
 */
final class Stranded {
    private final Consumer<Predicate<Link>> end;
    private final Consumer<Predicate<Link>> doubt;
    /** Where devices were at last; also those that are away, because they come back from elsewhere. As many as are trusted. */
    private final Map<Device, Set<InetAddress>> announced = new HashMap<>();

    /**
     * @param end ends all links that it is told, at once
     * @param doubt ends those of them where nothing comes from any more
     */
    Stranded(Bus bus, Mailbox mailbox, Consumer<Predicate<Link>> end, Consumer<Predicate<Link>> doubt) {
        this.end = end;
        this.doubt = doubt;
        bus.subscribe(NetworksChanged.class, mailbox, this::onNetworksChanged);
        bus.subscribe(DeviceAnnounced.class, mailbox, this::onDeviceAnnounced);
    }

    private void onNetworksChanged(NetworksChanged event) {
        Set<InetAddress> ours =
                event.filter().attached().stream().map(Network::address).collect(Collectors.toUnmodifiableSet());
        end.accept(link -> {
            InetAddress local = link.local();
            return local != null && !local.isLoopbackAddress() && !ours.contains(local);
        });
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        Set<InetAddress> now =
                event.announcement().addresses().stream().map(PeerAddress::ip).collect(Collectors.toUnmodifiableSet());
        Set<InetAddress> left = new HashSet<>(announced.getOrDefault(event.device(), Set.of()));
        announced.put(event.device(), now);
        left.removeAll(now);
        if (!left.isEmpty()) { // an address may leave the list and still lead there
            doubt.accept(link -> {
                PeerAddress theirs = link.path().address();
                return link.device().equals(event.device()) && theirs != null && left.contains(theirs.ip());
            });
        }
    }
}
