package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.model.PeerAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whose device a connected peer is, from what the devices announced. Who dialled us comes from a port that nobody announced: then the IP tells, if
 * only one device announced it. Pure: made for one look at the catalogue.
 */
final class PeerNames {
    /** A friend's device. */
    record Owner(Friend friend, FriendDevice device) {}

    private final Map<PeerAddress, Owner> byAddress = new HashMap<>();
    private final Map<InetAddress, Owner> byIp = new HashMap<>();
    private final Set<InetAddress> shared = new HashSet<>();

    PeerNames(Catalogue catalogue) {
        for (Friend friend : catalogue.friends().values()) {
            for (FriendDevice device : friend.sortedDevices()) {
                if (device.announcement() != null) {
                    Owner owner = new Owner(friend, device);
                    device.announcement().addresses().forEach(address -> add(address, owner));
                }
            }
        }
    }

    private void add(PeerAddress address, Owner owner) {
        byAddress.putIfAbsent(address, owner);
        Owner other = byIp.putIfAbsent(address.ip(), owner);
        if (other != null && !other.equals(owner)) {
            shared.add(address.ip());
        }
    }

    /** @return null when that cannot be told */
    @Nullable
    Owner ownerOf(PeerAddress peer) {
        Owner exact = byAddress.get(peer);
        if (exact != null) {
            return exact;
        }
        return shared.contains(peer.ip()) ? null : byIp.get(peer.ip());
    }
}
