package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.message.PresenceEvent.ContactSeen;
import bitween.message.PresenceEvent.DeviceAnnounced;
import bitween.message.PresenceEvent.DeviceGone;
import bitween.model.AddressFilter;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PresenceListenerTest {
    private static final Jid ME = new Jid("me@a.test");
    private static final Jid BOB = new Jid("bob@b.test");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Hands hands = new Hands();
    private final Bus bus = new Bus(hands);
    private final List<Event> heard = new ArrayList<>();
    private final Contacts contacts = new Contacts(bus, hands, ME, new Nothing(), this::contactsChanged);
    private final PresenceListener listener = new PresenceListener(bus, hands, hands, contacts);

    @BeforeAll
    static void register() {
        SmackSetup.ensure();
    }

    @BeforeEach
    void online() {
        contacts.onPush(roster(BOB, RosterPacket.ItemType.both));
        listener.online(new Device(ME, new DeviceId("here")));
        hands.pass(LONG);
        bus.subscribe(Event.class, hands, heard::add);
    }

    @Test
    void a_storm_of_one_device_becomes_a_few_events_with_the_newest_last() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            announce("bob@b.test/x", "r" + i, "203.0.113.5");
            if (i % 100 == 0) {
                hands.pass(Duration.ofMillis(1));
            }
        }

        hands.pass(LONG);

        List<DeviceAnnounced> announced = of(DeviceAnnounced.class);
        assertThat(announced).hasSizeLessThan(5);
        assertThat(announced.get(announced.size() - 1).announcement().revision())
                .isEqualTo("r9999");
    }

    @Test
    void the_same_again_says_nothing_new() throws Exception {
        for (int i = 0; i < 3; i++) {
            announce("bob@b.test/x", "r", "203.0.113.5");
            hands.pass(LONG);
        }

        assertThat(heard).hasSize(2).first().isEqualTo(new ContactSeen(BOB, true));
    }

    @Test
    void strangers_ourselves_servers_and_bare_addresses_say_nothing() throws Exception {
        announce("eve@b.test/x", "r", "203.0.113.5");
        announce("me@a.test/here", "r", "203.0.113.5");
        announce("b.test/x", "r", "203.0.113.5");
        announce("bob@b.test", "r", "203.0.113.5");

        hands.pass(LONG);

        assertThat(heard).isEmpty();
    }

    @Test
    void a_contact_who_no_longer_lets_us_see_them_is_gone() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);

        contacts.onPush(roster(BOB, RosterPacket.ItemType.from));
        announce("bob@b.test/x", "r2", "203.0.113.5");
        hands.pass(LONG);

        assertThat(of(DeviceGone.class)).hasSize(1);
        assertThat(of(DeviceAnnounced.class)).hasSize(1);
    }

    @Test
    void one_contact_has_a_limited_number_of_devices() throws Exception {
        for (int i = 0; i < 100; i++) {
            announce("bob@b.test/x" + i, "r", "203.0.113.5");
        }

        hands.pass(LONG);

        assertThat(of(DeviceAnnounced.class)).hasSize(32);
        assertThat(listener.refused()).isEqualTo(68);
    }

    @Test
    void strangers_cannot_fill_the_memory() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            announce("eve" + i + "@b.test/x", "r", "203.0.113.5");
        }

        assertThat(listener.refused()).isEqualTo(20_000 - 16_384);
        hands.pass(LONG);
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);
        assertThat(of(DeviceAnnounced.class)).hasSize(1);
    }

    @Test
    void nonsense_leaves_the_last_announcement_and_silence_ends_it() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);

        present("<presence from='bob@b.test/x'><bitween xmlns='urn:bitween:1'/></presence>");
        hands.pass(LONG);
        assertThat(of(DeviceGone.class)).isEmpty();

        present("<presence from='bob@b.test/x'/>");
        hands.pass(LONG);
        assertThat(of(DeviceGone.class)).hasSize(1);
        assertThat(of(ContactSeen.class)).containsExactly(new ContactSeen(BOB, true));
    }

    @Test
    void refused_addresses_are_left_out_until_the_network_allows_them() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5", "192.168.1.9", "127.0.0.1");
        hands.pass(LONG);

        listener.addressesChanged(new AddressFilter(false, true, List.of(), 0));
        hands.pass(LONG);

        assertThat(of(DeviceAnnounced.class))
                .extracting(event -> event.announcement().addresses())
                .containsExactly(
                        List.of(PeerAddress.parse("203.0.113.5:7000")),
                        List.of(PeerAddress.parse("203.0.113.5:7000"), PeerAddress.parse("192.168.1.9:7000")));
    }

    @Test
    void when_the_connection_is_lost_everybody_is_gone_and_what_still_arrives_is_nothing() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5");
        announce("bob@b.test/y", "r", "203.0.113.5");
        hands.pass(LONG);

        listener.offline();
        announce("bob@b.test/z", "r", "203.0.113.5");
        hands.pass(LONG);

        assertThat(of(DeviceGone.class)).hasSize(2);
        assertThat(of(DeviceAnnounced.class)).hasSize(2);
        assertThat(of(ContactSeen.class)).containsExactly(new ContactSeen(BOB, true), new ContactSeen(BOB, false));
    }

    private void contactsChanged() {
        listener.contactsChanged();
    }

    private void announce(String from, String revision, String... ips) throws Exception {
        var xml = new StringBuilder(
                "<presence from='" + from + "'><bitween xmlns='urn:bitween:1' name='x' rev='" + revision + "'>");
        for (String ip : ips) {
            xml.append("<peer ip='").append(ip).append("' port='7000'/>");
        }
        present(xml.append("</bitween></presence>").toString());
    }

    private void present(String xml) throws Exception {
        listener.onPresence(PacketParserUtils.parsePresence(PacketParserUtils.getParserFor(xml)));
    }

    private <E extends Event> List<E> of(Class<E> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static RosterPacket roster(Jid jid, RosterPacket.ItemType type) {
        var item = new RosterPacket.Item(Addresses.bare(jid), null);
        item.setItemType(type);
        var packet = new RosterPacket();
        packet.addRosterItem(item);
        return packet;
    }

    private static final class Nothing implements PendingRequests {
        @Override
        public Set<Jid> load() {
            return Set.of();
        }

        @Override
        public void save(Set<Jid> pending) {
            throw new AssertionError("nobody asked: " + pending);
        }
    }
}
