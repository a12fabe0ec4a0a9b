package bitween.app;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.control.DaemonFacts.Outside;
import bitween.message.LinkEvent.OutsideMapped;
import bitween.message.LinkEvent.OutsideSeen;
import java.util.List;
import java.util.function.Supplier;

/** Remembers where we are reachable from outside, for the status. Thread: the mailbox that it was given; {@link #get} from any. */
final class OutsideAddresses implements Supplier<Outside> {
    private volatile Outside known = new Outside(List.of(), List.of());

    OutsideAddresses(Bus bus, Mailbox mailbox) {
        bus.subscribe(OutsideMapped.class, mailbox, this::onOutsideMapped);
        bus.subscribe(OutsideSeen.class, mailbox, this::onOutsideSeen);
    }

    private void onOutsideMapped(OutsideMapped event) {
        known = new Outside(event.addresses(), known.seen());
    }

    private void onOutsideSeen(OutsideSeen event) {
        known = new Outside(known.mapped(), event.addresses());
    }

    @Override
    public Outside get() {
        return known;
    }
}
