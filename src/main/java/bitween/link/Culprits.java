package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.CulpritFound;
import bitween.message.TorrentEvent.DamageFound;
import bitween.model.Device;
import bitween.model.InfoHash;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Whose devices sent what was not what had been asked for. What one sent damaged it does not send again until the next start, under whatever port.
 *
 * <p>Thread: {@code link} changes it, any looks.
 */
final class Culprits {
    private static final Logger log = LogManager.getLogger(Culprits.class);

    private final Bus bus;
    private final Labels labels;
    private final Runnable found;
    private final Map<Device, Set<InfoHash>> damaged = new ConcurrentHashMap<>();

    /** @param found called when there is one more */
    Culprits(Bus bus, Mailbox mailbox, Labels labels, Runnable found) {
        this.bus = bus;
        this.labels = labels;
        this.found = found;
        bus.subscribe(DamageFound.class, mailbox, this::onDamageFound);
    }

    boolean sentDamaged(Device device, InfoHash hash) {
        return damaged.getOrDefault(device, Set.of()).contains(hash);
    }

    private void onDamageFound(DamageFound event) {
        for (InetAddress label : event.senders()) {
            labels.deviceOf(label).ifPresent(device -> blame(device, event));
        }
        found.run();
    }

    private void blame(Device device, DamageFound event) {
        if (!damaged.containsKey(device)) { // once for a device; friends and info say the rest
            log.warn("{} sent damaged pieces of {}, and is not asked for it again", device, event.hash());
        }
        damaged.computeIfAbsent(device, first -> ConcurrentHashMap.newKeySet()).add(event.hash());
        bus.publish(new CulpritFound(device, event.hash(), event.pieces()));
    }
}
