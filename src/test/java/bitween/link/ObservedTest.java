package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.OutsideSeen;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.PresenceEvent.NetworksChanged;
import bitween.model.AddressFilter;
import bitween.model.AddressFilter.Network;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservedTest {
    private static final Device ALICES = device("alice", 1);
    private static final Device ALICES_OTHER = device("alice", 2);
    private static final Device BOBS = device("bob", 3);
    private static final Device CAROLS = device("carol", 4);
    private static final Device OWN = device("me", 5);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final FakeTimers timers = new FakeTimers();
    private final Bus bus = new Bus(threads.lane("bus"));
    private final List<List<PeerAddress>> told = new ArrayList<>();
    private long nowNs;
    private Observed observed;

    @BeforeEach
    void behind_a_router() {
        Mailbox mailbox = threads.lane("link");
        bus.subscribe(OutsideSeen.class, threads.lane("test"), event -> told.add(event.addresses()));
        observed = new Observed(bus, mailbox, timers, OWN.jid(), () -> nowNs);
        networks(4_711, "192.168.1.7", "2001:db8::7");
    }

    @Test
    void what_a_friends_device_sees_is_told_with_our_own_port() {
        sees(ALICES, "203.0.113.5");
        sees(ALICES, "2001:db8:9::5");

        assertThat(told)
                .containsExactly(addresses("203.0.113.5:4711"), addresses("203.0.113.5:4711", "[2001:db8:9::5]:4711"));
    }

    @Test
    void saying_it_again_is_no_news() {
        sees(ALICES, "203.0.113.5");
        sees(ALICES, "203.0.113.5");
        sees(BOBS, "203.0.113.5");

        assertThat(told).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.168.1.7",
                "2001:db8::7",
                "127.0.0.1",
                "::1",
                "169.254.1.1",
                "0.0.0.0",
                "224.0.0.1",
                "fe80::1",
                "64:ff9b::a00:1"
            })
    void our_own_addresses_and_those_that_nobody_can_have_are_no_news(String ip) {
        sees(ALICES, ip);

        assertThat(told).isEmpty();
    }

    @Test
    void two_people_outweigh_two_devices_of_one_and_a_device_has_one_say() {
        sees(ALICES, "203.0.113.66");
        sees(ALICES_OTHER, "203.0.113.66");
        sees(BOBS, "203.0.113.5");
        sees(CAROLS, "203.0.113.5");
        sees(ALICES, "203.0.113.67");

        assertThat(told.get(told.size() - 1)).isEqualTo(addresses("203.0.113.5:4711"));
    }

    @Test
    void of_two_that_are_seen_alike_the_one_that_is_told_stays_however_often_both_are_said() {
        for (int i = 0; i < 3; i++) {
            sees(ALICES, "203.0.113.5");
            sees(BOBS, "203.0.113.6");
            nowNs += Duration.ofSeconds(20).toNanos();
        }

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"));
    }

    @Test
    void who_has_been_silent_for_a_minute_is_outweighed_by_who_speaks() {
        sees(ALICES, "203.0.113.5");
        nowNs += Observed.FRESH.toNanos() + 1;
        sees(BOBS, "203.0.113.6");

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"), addresses("203.0.113.6:4711"));
    }

    @Test
    void what_nobody_has_seen_for_an_hour_is_void() {
        sees(ALICES, "203.0.113.5");

        nowNs += Observed.AGE.toNanos() + 1;
        timers.advance(Duration.ofMinutes(10));
        threads.runAll();

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"), List.of());
    }

    @Test
    void one_more_interface_voids_nothing_and_an_address_that_is_gone_only_what_was_seen_of_it() {
        sees(ALICES, "203.0.113.5");
        sees(ALICES, "2001:db8:9::5");

        networks(4_711, "192.168.1.7", "2001:db8::7", "172.17.0.1");
        networks(4_711, "192.168.1.7", "172.17.0.1");

        assertThat(told)
                .containsExactly(
                        addresses("203.0.113.5:4711"),
                        addresses("203.0.113.5:4711", "[2001:db8:9::5]:4711"),
                        addresses("203.0.113.5:4711"));
    }

    @Test
    void another_network_voids_all_and_another_port_nothing() {
        sees(ALICES, "203.0.113.5");

        networks(4_712, "192.168.1.7", "2001:db8::7");
        networks(4_712, "10.0.0.7");

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"), addresses("203.0.113.5:4712"), List.of());
    }

    @Test
    void without_an_open_port_nothing_is_told() {
        networks(0, "192.168.1.7", "2001:db8::7");

        sees(ALICES, "203.0.113.5");

        assertThat(told).isEmpty();
    }

    @Test
    void no_more_devices_have_a_say_than_can_be_kept() {
        for (int i = 0; i < 2 * Observed.MAX_WITNESSES; i++) {
            sees(device("friend" + i, i), "203.0.113.5");
        }
        sees(device("late", 9_999), "203.0.113.6");

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"));
    }

    @Test
    void what_one_friend_says_is_tried_for_a_minute_while_others_would_dial_there() {
        comes(BOBS);

        sees(ALICES, "203.0.113.66");
        pass(Hearsay.TRIAL);
        sees(ALICES, "203.0.113.66");
        sees(ALICES_OTHER, "203.0.113.66");

        assertThat(told).containsExactly(addresses("203.0.113.66:4711"), List.of());
    }

    @Test
    void what_a_second_friend_says_too_stays_also_when_one_of_them_is_gone() {
        comes(BOBS);
        sees(ALICES, "203.0.113.5");
        pass(Hearsay.TRIAL);

        sees(BOBS, "203.0.113.5");
        comes(CAROLS);
        pass(Observed.FRESH);
        sees(ALICES, "203.0.113.5");
        pass(Observed.FRESH);
        sees(ALICES, "203.0.113.5");

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"), List.of(), addresses("203.0.113.5:4711"));
    }

    @Test
    void the_word_of_a_device_of_ones_own_is_enough_and_outweighs_what_others_say() {
        comes(BOBS);
        sees(OWN, "203.0.113.5");

        sees(ALICES, "203.0.113.66");
        sees(CAROLS, "203.0.113.66");
        pass(Hearsay.TRIAL);
        sees(OWN, "203.0.113.5");

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"));
    }

    @Test
    void while_everybody_else_has_a_direct_link_nobody_is_misled() {
        comes(BOBS);
        linked(BOBS, LinkPath.direct(PeerAddress.parse("192.168.1.8:4711")));

        sees(ALICES, "203.0.113.5");
        pass(Hearsay.TRIAL.multipliedBy(5));
        sees(ALICES, "203.0.113.5");

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"));
    }

    @Test
    void when_somebody_comes_or_loses_their_link_it_is_tried_again_but_not_within_ten_minutes() {
        comes(BOBS);
        sees(ALICES, "203.0.113.5");
        pass(Hearsay.TRIAL);
        comes(CAROLS);
        assertThat(told).containsExactly(addresses("203.0.113.5:4711"), List.of());
        told.clear();

        passSeen(Hearsay.REST);
        assertThat(told).as("for her who came").containsExactly(addresses("203.0.113.5:4711"), List.of());
        told.clear();
        passSeen(Hearsay.REST.multipliedBy(2));
        assertThat(told).as("nobody came").isEmpty();

        linked(CAROLS, LinkPath.direct(PeerAddress.parse("192.168.1.8:4711")));
        linked(CAROLS, LinkPath.inBand());
        assertThat(told).containsExactly(addresses("203.0.113.5:4711"));
    }

    @Test
    void who_makes_up_one_after_the_other_is_not_tried_more_often_for_it() {
        comes(BOBS);

        for (int i = 1; i <= 20; i++) {
            sees(ALICES, "203.0.113." + i);
        }

        assertThat(told).containsExactly(addresses("203.0.113.1:4711"), List.of());
    }

    @Test
    void of_two_who_contradict_each_other_each_has_a_turn() {
        comes(CAROLS);

        sees(ALICES, "203.0.113.5");
        sees(BOBS, "203.0.113.66");
        passSeen(Hearsay.TRIAL);
        sees(BOBS, "203.0.113.66");

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"), addresses("203.0.113.66:4711"));
    }

    @Test
    void who_is_no_longer_trusted_has_no_say() {
        sees(ALICES, "203.0.113.5");

        bus.publish(new TrustChanged(Set.of(BOBS)));
        threads.runAll();

        assertThat(told).containsExactly(addresses("203.0.113.5:4711"), List.of());
    }

    private void comes(Device device) {
        bus.publish(new DeviceAnnounced(device, new Announcement("desk", List.of(), "r")));
        threads.runAll();
    }

    private void linked(Device device, LinkPath path) {
        bus.publish(new LinkChanged(device, path, Instant.EPOCH));
        threads.runAll();
    }

    private void pass(Duration time) {
        nowNs += time.toNanos();
        timers.advance(time);
        threads.runAll();
    }

    /** Time in which Alice's device, being linked, says the same each twenty seconds. */
    private void passSeen(Duration time) {
        for (int i = 0; i < time.toSeconds() / 20; i++) {
            pass(Duration.ofSeconds(20));
            sees(ALICES, "203.0.113.5");
        }
    }

    private void sees(Device device, String ip) {
        observed.saw(device, ip(ip.indexOf(':') < 0 ? "192.168.1.7" : "2001:db8::7"), ip(ip));
        threads.runAll();
    }

    private void networks(int port, String... own) {
        List<Network> attached = new ArrayList<>();
        for (String ip : own) {
            attached.add(new Network(ip(ip), 24));
        }
        bus.publish(new NetworksChanged(new AddressFilter(false, false, attached, port)));
        threads.runAll();
    }

    private static List<PeerAddress> addresses(String... texts) {
        return List.of(texts).stream().map(PeerAddress::parse).toList();
    }

    private static InetAddress ip(String ip) {
        return PeerAddress.parse((ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":1")
                .ip();
    }

    private static Device device(String person, int number) {
        return new Device(new Jid(person + "@b.test"), new DeviceId(String.format("%064x", number)));
    }
}
