package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.control.DaemonFacts.Outside;
import bitween.message.LinkEvent.OutsideMapped;
import bitween.message.LinkEvent.OutsideSeen;
import bitween.model.PeerAddress;
import bitween.testing.ManualExecutor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutsideAddressesTest {
    private static final PeerAddress ROUTER = PeerAddress.parse("203.0.113.7:6881");
    private static final PeerAddress SEEN = PeerAddress.parse("203.0.113.7:40000");

    @Test
    void what_the_router_maps_and_what_friends_see_is_known_each_as_it_was_told_last() {
        ManualExecutor threads = new ManualExecutor(1);
        Bus bus = new Bus(threads.lane("bus"));
        OutsideAddresses addresses = new OutsideAddresses(bus, threads.lane("io"));
        assertThat(addresses.get()).isEqualTo(new Outside(List.of(), List.of(), List.of()));

        bus.publish(new OutsideMapped(List.of(ROUTER)));
        bus.publish(new OutsideSeen(List.of(SEEN)));
        threads.runAll();
        assertThat(addresses.get()).isEqualTo(new Outside(List.of(), List.of(ROUTER), List.of(SEEN)));

        bus.publish(new OutsideMapped(List.of()));
        threads.runAll();
        assertThat(addresses.get()).isEqualTo(new Outside(List.of(), List.of(), List.of(SEEN)));
    }
}
