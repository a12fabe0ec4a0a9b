package bitween.link;

import bitween.model.Device;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The loopback addresses that stand for friends' devices towards libtorrent: each has its own 127.77.x.y, in both directions, as long as the daemon runs, so
 * that libtorrent's bans and statistics are a device's own. Thread: any.
 */
final class Labels {
    /** 127.77.0.0 to 127.77.0.255 are ours: libtorrent itself is 127.77.0.1. */
    private static final int FIRST = 0x0100;

    private static final int LAST = 0xFFFE;

    private final Map<Device, InetAddress> labels = new HashMap<>();
    private final Map<InetAddress, Device> devices = new HashMap<>();
    private int next = FIRST;

    /** @throws IllegalStateException after 65,279 devices, more than presence lets in while a daemon lives */
    synchronized InetAddress of(Device device) {
        return labels.computeIfAbsent(device, unlabelled -> {
            if (next > LAST) {
                throw new IllegalStateException("no label is left for " + unlabelled);
            }
            InetAddress label = address(next++);
            devices.put(label, unlabelled);
            return label;
        });
    }

    synchronized Optional<Device> deviceOf(InetAddress label) {
        return Optional.ofNullable(devices.get(label));
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 77, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }
}
