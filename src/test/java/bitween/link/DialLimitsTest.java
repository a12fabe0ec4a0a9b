package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What friends can make us do to others, and to each other. */
class DialLimitsTest {
    private static final Device EVES = device("eve", 1);
    private static final Device BOBS = device("bob", 1);

    private final AtomicLong nanos = new AtomicLong();
    private final DialLimits dials = new DialLimits(nanos::get);

    @Test
    void where_nothing_was_proved_we_dial_three_times_in_half_a_minute() {
        PeerAddress bobs = victim(1);

        assertThat(dialled(BOBS, 10, i -> bobs)).isEqualTo(DialLimits.PER_ADDRESS);
        pass(Duration.ofSeconds(29));
        assertThat(dials.permits(BOBS, bobs)).isFalse();
        pass(Duration.ofSeconds(2));
        assertThat(dials.permits(BOBS, bobs)).isTrue();
    }

    @Test
    void a_thousand_records_that_name_one_victim_under_as_many_ports_cost_it_four_dials() {
        assertThat(dialled(EVES, 1_000, DialLimitsTest::victim)).isEqualTo(DialLimits.PER_IP_AND_FRIEND);
    }

    @Test
    void friends_who_plot_together_cost_a_victim_eight_dials_in_half_a_minute_and_two_a_minute_over_the_hour() {
        int atOnce = dialledByAll(20);
        int inAnHour = atOnce;
        for (int i = 1; i < 120; i++) {
            pass(Duration.ofSeconds(30).plusMillis(1));
            inAnHour += dialledByAll(20);
        }

        assertThat(List.of(atOnce, inAnHour)).containsExactly(DialLimits.PER_IP, DialLimits.PER_IP_AND_HOUR);
    }

    private int dialledByAll(int friends) {
        return IntStream.range(0, friends)
                .map(friend -> dialled(device("friend" + friend, 1), 10, DialLimitsTest::victim))
                .sum();
    }

    @Test
    void one_friend_cannot_use_up_what_another_needs_at_the_same_address() {
        for (int i = 0; i < 100; i++) {
            dialled(EVES, 10, DialLimitsTest::victim);
            pass(Duration.ofSeconds(30).plusMillis(1));
        }

        assertThat(dials.permits(EVES, victim(1))).isFalse();
        assertThat(dials.permits(BOBS, victim(1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.%d:4711", "[2001:db8:1:2::%x]:4711"})
    void a_network_is_a_victim_too(String one) {
        int eves = dialled(EVES, 1_000, i -> PeerAddress.parse(String.format(one, i % 250 + 1)));
        int all = IntStream.range(0, 3)
                .map(friend -> dialled(
                        device("friend" + friend, 1), 100, i -> PeerAddress.parse(String.format(one, i % 250 + 1))))
                .sum();

        assertThat(eves).isEqualTo(DialLimits.PER_NETWORK_AND_FRIEND);
        assertThat(eves + all).isEqualTo(DialLimits.PER_NETWORK);
    }

    @Test
    void what_one_friend_makes_up_costs_24_dials_a_minute_over_all_his_devices() {
        int first =
                dialled(EVES, 500, DialLimitsTest::elsewhere) + dialled(device("eve", 2), 500, i -> elsewhere(500 + i));
        pass(Duration.ofSeconds(61));
        int second = dialled(EVES, 1_000, DialLimitsTest::elsewhere);

        assertThat(List.of(first, second)).containsExactly(DialLimits.PER_FRIEND, DialLimits.PER_FRIEND);
    }

    @Test
    void when_some_friends_have_used_up_what_there_is_for_all_the_others_are_dialled_all_the_same() {
        int greedy = IntStream.range(0, 4)
                .map(friend -> dialled(device("eve" + friend, 1), 100, i -> elsewhere(100 * friend + i)))
                .sum();
        int honest = dialled(BOBS, 8, i -> elsewhere(1_000 + i));
        int everybody = IntStream.range(0, 100)
                .map(friend -> dialled(device("friend" + friend, 1), 100, i -> elsewhere(2_000 + 100 * friend + i)))
                .sum();

        assertThat(greedy).isEqualTo(DialLimits.IN_ALL + DialLimits.SURE);
        assertThat(honest).isEqualTo(DialLimits.SURE);
        assertThat(greedy + honest + everybody).isEqualTo(DialLimits.MOST);
    }

    @Test
    void eight_addresses_of_one_device_in_one_network_are_all_dialled_at_once_and_again_when_it_moves() {
        assertThat(dialled(BOBS, 8, i -> PeerAddress.parse("[2001:db8:1:2::" + (i + 1) + "]:4711")))
                .isEqualTo(8);
        assertThat(dialled(BOBS, 8, i -> PeerAddress.parse("[2001:db8:7:7::" + (i + 1) + "]:4711")))
                .isEqualTo(8);
    }

    @Test
    void this_machine_is_nobodys_victim() {
        assertThat(dialled(BOBS, 20, i -> PeerAddress.parse("127.0.0.1:" + (10_000 + i))))
                .isEqualTo(20);
    }

    @Test
    void where_a_device_proved_its_key_we_dial_it_as_often_as_we_like_until_it_fails() {
        PeerAddress bobs = victim(1);
        assertThat(dials.permits(BOBS, bobs)).isTrue();

        dials.proved(BOBS, bobs);
        assertThat(dialled(BOBS, 1_000, i -> bobs)).isEqualTo(1_000);
        dials.failed(BOBS, bobs);

        assertThat(dialled(BOBS, 10, i -> bobs)).isEqualTo(DialLimits.PER_ADDRESS - 1);
    }

    @Test
    void who_names_the_address_of_another_neither_dials_there_freely_nor_ends_what_it_has_proved() {
        PeerAddress bobs = victim(1);
        dials.proved(BOBS, bobs);

        assertThat(dialled(EVES, 1_000, i -> bobs)).isEqualTo(DialLimits.PER_ADDRESS);
        dials.failed(EVES, bobs);

        assertThat(dialled(BOBS, 1_000, i -> bobs)).isEqualTo(1_000);
    }

    @Test
    void of_the_places_where_a_device_has_proved_its_key_the_last_eight_count() {
        IntStream.range(0, 9).forEach(i -> dials.proved(EVES, elsewhere(i)));

        assertThat(dialled(EVES, 100, i -> elsewhere(1))).isEqualTo(100);
        assertThat(dialled(EVES, 100, i -> elsewhere(0))).isEqualTo(DialLimits.PER_ADDRESS);
    }

    private int dialled(Device device, int times, IntFunction<PeerAddress> address) {
        return (int) IntStream.range(0, times)
                .filter(i -> dials.permits(device, address.apply(i)))
                .count();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Device device(String person, int number) {
        return new Device(new Jid(person + "@example.org"), new DeviceId(String.format("%064x", number)));
    }

    /** One address, another port each time. */
    private static PeerAddress victim(int port) {
        return PeerAddress.parse("203.0.113.7:" + (10_000 + port));
    }

    /** Another network each time. */
    private static PeerAddress elsewhere(int i) {
        return PeerAddress.parse("198." + (20 + i / 250) + "." + i % 250 + ".7:4711");
    }
}
