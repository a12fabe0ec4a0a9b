package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StrandedTest {
    private static final String HOME = "203.0.113.5:4711";
    private static final String OFFICE = "198.51.100.5:4711";

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final Ends ends = Ends.of(Engines.JDK_TO_JDK);
    private final Device bob = device("bob", 1);
    private final Link dialled = link(bob, HOME);
    private final Link accepted = link(bob, "203.0.113.5:50123");
    private final Link elsewhere = link(bob, "203.0.113.9:4711");
    private final Link carols = link(device("carol", 2), HOME);
    private final Link inBand = new Link(bob, new LinkPath(LinkPath.Kind.IN_BAND, null), true, ends.alice());
    private final List<Link> ended = new ArrayList<>();
    private final List<Link> doubted = new ArrayList<>();

    StrandedTest() {
        new Stranded(
                bus,
                threads.lane("link"),
                stranded -> links().filter(stranded).forEach(ended::add),
                doubtful -> links().filter(doubtful).forEach(doubted::add));
    }

    @AfterEach
    void close() {
        ends.close();
    }

    @Test
    void a_device_that_announces_an_address_no_longer_may_not_be_there_any_more() {
        announces(HOME);

        announces(OFFICE);

        assertThat(doubted).containsExactly(dialled, accepted);
        assertThat(ended).isEmpty();
    }

    @Test
    void one_more_address_ends_nothing_and_the_same_again_neither() {
        announces(HOME);

        announces(OFFICE, HOME);
        announces(HOME, OFFICE);

        assertThat(ended).isEmpty();
        assertThat(doubted).isEmpty();
    }

    private Stream<Link> links() {
        return Stream.of(dialled, accepted, elsewhere, carols, inBand);
    }

    private void announces(String... addresses) {
        bus.publish(new DeviceAnnounced(
                bob,
                new Announcement(
                        "laptop", Stream.of(addresses).map(PeerAddress::parse).toList(), "r1")));
        threads.runAll();
    }

    private Link link(Device device, String address) {
        return new Link(device, LinkPath.direct(PeerAddress.parse(address)), true, ends.alice());
    }

    private static Device device(String person, int number) {
        return new Device(new Jid(person + "@b.test"), new DeviceId(String.format("%064x", number)));
    }
}
