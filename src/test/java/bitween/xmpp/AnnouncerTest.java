package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.LinkEvent.OutsideSeen;
import bitween.model.AddressFilter;
import bitween.model.AddressFilter.Network;
import bitween.model.Announcement;
import bitween.model.PeerAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private static final Duration LEAST = Duration.ofSeconds(2);

    private final Hands hands = new Hands();
    private final Bus bus = new Bus(hands);
    private final List<Announcement> sent = new ArrayList<>();
    private final Announcer announcer = new Announcer(bus, hands, hands, LEAST, "my\u0007 laptop");

    @Test
    void the_first_waits_a_moment_for_what_it_is_to_say() throws UnknownHostException {
        announcer.online(sent::add);
        listens();
        assertThat(sent).isEmpty();

        shares("r1");

        assertThat(sent)
                .containsExactly(new Announcement("my? laptop", List.of(PeerAddress.parse("192.168.1.7:6881")), "r1"));
        listens();
        shares("r2");
        assertThat(sent).hasSize(1);
    }

    @Test
    void the_first_goes_out_soon_even_without_a_catalogue() {
        announcer.online(sent::add);

        hands.pass(LEAST.dividedBy(4));

        assertThat(sent).containsExactly(new Announcement("my? laptop", List.of(), ""));
    }

    @Test
    void who_was_online_before_knows_all_and_says_it_at_once() throws UnknownHostException {
        listens();
        shares("r1");

        announcer.online(sent::add);

        assertThat(sent).extracting(Announcement::revision).containsExactly("r1");
    }

    @Test
    void who_was_silent_for_half_a_day_says_it_again_while_online() throws UnknownHostException {
        online();
        hands.pass(Announcer.REFRESH.dividedBy(2));
        shares("later");
        sent.clear();

        hands.pass(Announcer.REFRESH.minusSeconds(1));
        assertThat(sent).isEmpty();
        hands.pass(Announcer.REFRESH.multipliedBy(3));
        assertThat(sent).extracting(Announcement::revision).containsExactly("later", "later", "later");
        announcer.offline();
        hands.pass(Announcer.REFRESH.multipliedBy(3));
        assertThat(sent).hasSize(3);
    }

    @Test
    void many_changes_make_one_presence_in_two_seconds_with_the_newest_state() {
        online();
        for (int i = 0; i < 100; i++) {
            shares("r" + i);
            hands.pass(Duration.ofMillis(10));
        }
        assertThat(sent).hasSize(1);

        hands.pass(LEAST);

        assertThat(sent).extracting(Announcement::revision).containsExactly("", "r99");
    }

    @Test
    void nothing_new_sends_nothing() {
        online();
        shares("r1");
        hands.pass(LEAST);
        shares("r1");
        announcer.addressesChanged(new AddressFilter(false, false, List.of(), 0));

        hands.pass(Duration.ofHours(1));

        assertThat(sent).hasSize(2);
    }

    @Test
    void a_list_that_changed_and_is_as_before_is_announced_again_for_whoever_read_it_meanwhile() {
        shares("r1");
        online();
        shares("r2");
        shares("r1");

        hands.pass(Duration.ofHours(1));

        assertThat(sent).extracting(Announcement::revision).containsExactly("r1", "r1");
    }

    @Test
    void offline_nothing_is_sent_and_a_new_connection_hears_all() {
        online();
        announcer.offline();
        shares("r1");
        hands.pass(Duration.ofHours(1));
        assertThat(sent).hasSize(1);

        announcer.online(sent::add);
        hands.pass(Duration.ofHours(1));

        assertThat(sent).extracting(Announcement::revision).containsExactly("", "r1");
    }

    @Test
    void the_best_addresses_come_first_and_no_more_than_eight() throws UnknownHostException {
        List<Network> attached = new ArrayList<>();
        for (String ip : List.of("127.0.0.1", "fe80::1", "10.0.0.5", "fd00::5", "2001:db8::5", "203.0.113.5")) {
            attached.add(new Network(InetAddress.getByName(ip), 8));
        }
        announcer.addressesChanged(new AddressFilter(true, false, attached, 6_881));
        online();

        assertThat(sent.get(0).addresses())
                .extracting(PeerAddress::toString)
                .containsExactly(
                        "203.0.113.5:6881",
                        "[2001:db8:0:0:0:0:0:5]:6881",
                        "10.0.0.5:6881",
                        "[fd00:0:0:0:0:0:0:5]:6881",
                        "127.0.0.1:6881");
    }

    @Test
    void what_friends_see_of_us_is_announced_among_our_own_addresses() throws UnknownHostException {
        List<Network> attached = List.of(
                new Network(InetAddress.getByName("192.168.1.7"), 24),
                new Network(InetAddress.getByName("2001:db8::5"), 64));
        announcer.addressesChanged(new AddressFilter(false, false, attached, 6_881));
        online();

        bus.publish(new OutsideSeen(List.of(PeerAddress.parse("203.0.113.5:6881"))));
        hands.pass(LEAST);

        assertThat(sent.get(1).addresses())
                .extracting(PeerAddress::toString)
                .containsExactly("203.0.113.5:6881", "[2001:db8:0:0:0:0:0:5]:6881", "192.168.1.7:6881");
    }

    /** And the first presence has gone out. */
    private void online() {
        announcer.online(sent::add);
        hands.pass(LEAST.dividedBy(4));
    }

    private void listens() throws UnknownHostException {
        List<Network> attached = List.of(new Network(InetAddress.getByName("192.168.1.7"), 24));
        announcer.addressesChanged(new AddressFilter(false, false, attached, 6_881));
    }

    private void shares(String revision) {
        bus.publish(new OwnSharesChanged(revision));
        hands.runAll();
    }
}
