package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.message.PresenceEvent.AnnouncementSeen;
import bitween.message.PresenceEvent.ContactSeen;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.model.AddressFilter;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.testing.Signed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.EmptyResultIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PresenceListenerTest {
    private static final Jid ME = new Jid("me@a.test");
    private static final Jid BOB = new Jid("bob@b.test");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final IQ PONG = new EmptyResultIQ();

    private final Hands hands = new Hands();
    private final Bus bus = new Bus(hands);
    private final List<Event> heard = new ArrayList<>();
    private final Contacts contacts = new Contacts(bus, hands, ME, new Nothing(), this::contactsChanged);
    private final Map<FullJid, CompletableFuture<IQ>> asked = new LinkedHashMap<>();
    private final Pulse pulse = new Pulse(contacts::seesUs, this::silent, this::back);
    private final Oddities oddities = new Oddities();
    private final PresenceListener listener = new PresenceListener(bus, hands, hands, contacts, pulse, oddities);

    @BeforeAll
    static void register() {
        SmackSetup.ensure();
    }

    @BeforeEach
    void online() {
        contacts.onPush(roster(BOB, RosterPacket.ItemType.both));
        listener.online(new FullJid(ME, "here"));
        pulse.online(device -> asked.computeIfAbsent(device, unanswered -> new CompletableFuture<>()));
        hands.pass(LONG);
        bus.subscribe(Event.class, hands, heard::add);
    }

    @Test
    @Tag("slow")
    void a_storm_of_one_device_becomes_a_few_events_with_the_newest_last() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            announce("bob@b.test/x", "r" + i, "203.0.113.5");
            if (i % 100 == 0) {
                hands.pass(Duration.ofMillis(1));
            }
        }

        hands.pass(LONG);

        List<AnnouncementSeen> announced = of(AnnouncementSeen.class);
        assertThat(announced).hasSizeLessThan(5);
        assertThat(announced.get(announced.size() - 1).usable().revision()).isEqualTo("r9999");
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
    void the_presence_of_a_new_friend_does_not_overtake_the_roster_that_names_them() throws Exception {
        Jid dora = new Jid("dora@b.test");
        announce("bob@b.test/x", "r", "203.0.113.5"); // a look is due

        hands.execute(() -> contacts.onPush(roster(dora, RosterPacket.ItemType.both)));
        announce("dora@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);

        assertThat(heard).contains(new ContactSeen(dora, true));
        assertThat(oddities.count()).isZero();
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

        assertThat(of(EndpointGone.class)).hasSize(1);
        assertThat(of(AnnouncementSeen.class)).hasSize(1);
    }

    @Test
    void one_contact_has_a_limited_number_of_devices() throws Exception {
        for (int i = 0; i < 100; i++) {
            announce("bob@b.test/x" + i, "r", "203.0.113.5");
        }

        hands.pass(LONG);

        assertThat(of(AnnouncementSeen.class)).hasSize(32);
        assertThat(listener.refused()).isEqualTo(68);
    }

    @Test
    @Tag("slow")
    void strangers_cannot_fill_the_memory() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            announce("eve" + i + "@b.test/x", "r", "203.0.113.5");
        }

        assertThat(listener.refused()).isEqualTo(20_000 - 16_384);
        hands.pass(LONG);
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);
        assertThat(of(AnnouncementSeen.class)).hasSize(1);
    }

    @Test
    void nonsense_leaves_the_last_announcement_and_silence_ends_it() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);

        present("<presence from='bob@b.test/x'><bitween xmlns='urn:bitween:1'/></presence>");
        hands.pass(LONG);
        assertThat(of(EndpointGone.class)).isEmpty();

        present("<presence from='bob@b.test/x'/>");
        hands.pass(LONG);
        assertThat(of(EndpointGone.class)).hasSize(1);
        assertThat(of(ContactSeen.class)).containsExactly(new ContactSeen(BOB, true));
    }

    @Test
    void refused_addresses_are_left_out_until_the_network_allows_them() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5", "192.168.1.9", "127.0.0.1");
        hands.pass(LONG);

        listener.addressesChanged(new AddressFilter(false, true, List.of(), 0));
        hands.pass(LONG);

        assertThat(of(AnnouncementSeen.class))
                .extracting(event -> event.usable().addresses())
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

        assertThat(of(EndpointGone.class)).hasSize(2);
        assertThat(of(AnnouncementSeen.class)).hasSize(2);
        assertThat(of(ContactSeen.class)).containsExactly(new ContactSeen(BOB, true), new ContactSeen(BOB, false));
    }

    @Test
    void a_silent_device_is_gone_until_it_is_heard() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);

        untilAsked("bob@b.test/x").completeExceptionally(noAnswer());
        hands.pass(LONG);
        assertThat(of(EndpointGone.class)).hasSize(1);
        assertThat(of(ContactSeen.class)).containsExactly(new ContactSeen(BOB, true), new ContactSeen(BOB, false));
        assertThat(listener.isPresent(device("bob@b.test/x"))).isFalse();
        listener.addressesChanged(new AddressFilter(false, true, List.of(), 0));
        hands.pass(LONG);
        assertThat(of(AnnouncementSeen.class)).hasSize(1);
        untilAsked("bob@b.test/x").complete(PONG);
        hands.pass(LONG);

        assertThat(of(AnnouncementSeen.class)).hasSize(2);
        assertThat(of(ContactSeen.class)).last().isEqualTo(new ContactSeen(BOB, true));
        assertThat(listener.isPresent(device("bob@b.test/x"))).isTrue();
    }

    @Test
    void a_contact_whose_other_device_answers_is_still_there() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5");
        announce("bob@b.test/y", "r", "203.0.113.6");
        hands.pass(LONG);

        untilAsked("bob@b.test/x").completeExceptionally(noAnswer());
        hands.pass(LONG);
        assertThat(of(ContactSeen.class)).containsExactly(new ContactSeen(BOB, true));
        present("<presence from='bob@b.test/y' type='unavailable'/>");
        hands.pass(LONG);
        present("<presence from='bob@b.test/x' type='unavailable'/>");
        hands.pass(LONG);

        assertThat(of(EndpointGone.class)).hasSize(2);
        assertThat(of(ContactSeen.class)).containsExactly(new ContactSeen(BOB, true), new ContactSeen(BOB, false));
    }

    @Test
    void a_silent_device_that_says_something_new_is_back_with_it() throws Exception {
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.pass(LONG);
        untilAsked("bob@b.test/x").completeExceptionally(noAnswer());
        hands.pass(LONG);

        announce("bob@b.test/x", "r2", "203.0.113.5");
        hands.pass(LONG);

        assertThat(of(AnnouncementSeen.class))
                .extracting(event -> event.usable().revision())
                .containsExactly("r", "r2");
        assertThat(of(ContactSeen.class)).last().isEqualTo(new ContactSeen(BOB, true));
    }

    @Test
    void a_presence_that_found_no_room_keeps_no_later_one_out() throws Exception {
        hands.isFull = true;
        announce("bob@b.test/x", "r", "203.0.113.5");
        hands.isFull = false;

        announce("bob@b.test/y", "r", "203.0.113.5");
        hands.pass(LONG);

        assertThat(of(AnnouncementSeen.class)).hasSize(2);
    }

    /** Rounds go by until the device is asked whether it is there. */
    private CompletableFuture<IQ> untilAsked(String device) {
        asked.clear();
        for (int i = 0; i <= Pulse.QUIET_ROUNDS && !asked.containsKey(device(device)); i++) {
            pulse.round();
        }
        return Objects.requireNonNull(asked.get(device(device)), device);
    }

    private static Exception noAnswer() {
        return SmackException.NoResponseException.newWith(5_000, StanzaTypeFilter.IQ, false);
    }

    private static FullJid device(String address) {
        String[] parts = address.split("/", 2);
        return new FullJid(new Jid(parts[0]), parts[1]);
    }

    private void silent(FullJid device) {
        listener.silent(device);
    }

    private void back(FullJid device) {
        listener.back(device);
    }

    private void contactsChanged() {
        listener.contactsChanged();
    }

    private void announce(String from, String revision, String... ips) throws Exception {
        var xml = new StringBuilder("<presence from='" + from + "'><bitween xmlns='urn:bitween:1' name='x' rev='"
                + revision + "'" + Signed.attributes() + ">");
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

        @Override
        public Map<Jid, Boolean> blocked() {
            return Map.of();
        }

        @Override
        public void saveBlocked(Jid jid, boolean told) {
            throw new AssertionError("nobody blocked " + jid);
        }

        @Override
        public void removeBlocked(Jid jid) {
            throw new AssertionError("nobody is blocked: " + jid);
        }

        @Override
        public Set<Jid> removed() {
            return Set.of();
        }

        @Override
        public void saveRemoved(Jid jid) {
            throw new AssertionError("nobody is removed: " + jid);
        }

        @Override
        public void forgetRemoved(Jid jid) {
            throw new AssertionError("nobody is removed: " + jid);
        }
    }
}
