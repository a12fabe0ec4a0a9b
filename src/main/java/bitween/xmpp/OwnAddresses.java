package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.config.Config;
import bitween.message.LinkEvent.ListenPortChanged;
import bitween.message.PresenceEvent.NetworksChanged;
import bitween.model.AddressFilter;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Where friends can reach this device: the networks it is attached to, and the port that its links listen at. Thread: xmpp. */
final class OwnAddresses {
    private static final Logger log = LogManager.getLogger(OwnAddresses.class);

    private final Bus bus;
    private final Config.Network config;
    private final PresenceListener presences;
    private final Announcer announcer;

    private List<AddressFilter.Network> attached = List.of();
    private int port;

    /** @param presences is told before the {@code announcer}: what friends announce may be reachable now */
    OwnAddresses(Bus bus, Mailbox mailbox, Config.Network config, PresenceListener presences, Announcer announcer) {
        this.bus = bus;
        this.config = config;
        this.presences = presences;
        this.announcer = announcer;
        bus.subscribe(ListenPortChanged.class, mailbox, this::onListenPortChanged);
    }

    private void onListenPortChanged(ListenPortChanged event) {
        port = event.port();
        tell();
    }

    /** @return whether these are others than the last time */
    boolean look(List<AddressFilter.Network> all) {
        List<AddressFilter.Network> now = all.stream()
                .filter(network -> !config.loopbackOnly() || network.address().isLoopbackAddress())
                .toList();
        if (now.equals(attached)) {
            return false;
        }
        log.debug("our addresses: {}", now);
        attached = now;
        tell();
        return true;
    }

    private void tell() {
        var allow = config.allow();
        var filter = new AddressFilter(
                allow.contains(Config.AddressRange.LOOPBACK),
                allow.contains(Config.AddressRange.PRIVATE),
                attached,
                port);
        bus.publish(new NetworksChanged(filter));
        presences.addressesChanged(filter);
        announcer.addressesChanged(filter);
    }
}
