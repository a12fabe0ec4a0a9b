package bitween.link;

import bitween.model.Device;
import bitween.model.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where friends' devices say that they accept links. Thread: any. */
final class Routes {
    private final Map<Device, List<PeerAddress>> announced = new ConcurrentHashMap<>();
    private final Map<Device, PeerAddress> proven = new ConcurrentHashMap<>();

    void announced(Device device, List<PeerAddress> addresses) {
        announced.put(device, List.copyOf(addresses));
    }

    /** Links to {@code device} are no longer wanted. */
    void forget(Device device) {
        announced.remove(device);
        proven.remove(device);
    }

    /** The device proved its key there, so the next link goes there first. */
    void proved(Device device, PeerAddress address) {
        proven.put(device, address);
    }

    /** Where it proved its key, if it announces that now. */
    Optional<PeerAddress> provenOf(Device device) {
        return Optional.ofNullable(proven.get(device))
                .filter(best -> announced.getOrDefault(device, List.of()).contains(best));
    }

    /** The one that worked last, if it still is announced; then all others. */
    List<PeerAddress> to(Device device) {
        List<PeerAddress> now = announced.getOrDefault(device, List.of());
        PeerAddress best = proven.get(device);
        if (best == null || !now.contains(best)) {
            return now;
        }
        List<PeerAddress> ordered = new ArrayList<>(now);
        ordered.remove(best);
        ordered.add(0, best);
        return ordered;
    }
}
