package bitween.app;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.control.DaemonFacts.Outside;
import bitween.message.LinkEvent.OutsideMapped;
import bitween.message.LinkEvent.OutsideSeen;
import bitween.message.PresenceEvent.NetworksChanged;
import bitween.model.AddressFilter;
import bitween.model.PeerAddress;
import java.util.List;
import java.util.function.Supplier;

/** Remembers where we are reachable, for the status. Thread: the mailbox that it was given; {@link #get} from any. */
final class OutsideAddresses implements Supplier<Outside> {
    private volatile Outside known = new Outside(List.of(), List.of(), List.of());

    OutsideAddresses(Bus bus, Mailbox mailbox) {
        bus.subscribe(NetworksChanged.class, mailbox, this::onNetworksChanged);
        bus.subscribe(OutsideMapped.class, mailbox, this::onOutsideMapped);
        bus.subscribe(OutsideSeen.class, mailbox, this::onOutsideSeen);
    }

    private void onNetworksChanged(NetworksChanged event) {
        AddressFilter filter = event.filter();
        List<PeerAddress> own = filter.ownPort() == 0
                ? List.of()
                : filter.attached().stream()
                        .map(AddressFilter.Network::address)
                        .filter(filter::announces)
                        .map(ip -> new PeerAddress(ip, filter.ownPort()))
                        .toList();
        known = new Outside(own, known.mapped(), known.seen());
    }

    private void onOutsideMapped(OutsideMapped event) {
        known = new Outside(known.own(), event.addresses(), known.seen());
    }

    private void onOutsideSeen(OutsideSeen event) {
        known = new Outside(known.own(), known.mapped(), event.addresses());
    }

    @Override
    public Outside get() {
        return known;
    }
}
