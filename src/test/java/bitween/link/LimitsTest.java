package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits on what strangers can cost us. */
class LimitsTest {
    private final DoorLimits door = new DoorLimits();
    private final List<DoorLimits.Place> places = new ArrayList<>();
    private final List<String> sentAway = new ArrayList<>();
    private final Labels labels = new Labels();

    @Test
    void in_one_network_the_longest_makes_room_for_the_newest() throws UnknownHostException {
        for (int host = 1; host <= DoorLimits.MAX_PER_NETWORK; host++) {
            enter("192.0.2." + host);
        }
        enter("198.51.100.1");
        assertThat(sentAway).isEmpty();

        enter("192.0.2.99");
        assertThat(sentAway).containsExactly("192.0.2.1");
        places.get(1).close();
        places.get(1).close();
        enter("192.0.2.98");
        assertThat(sentAway).containsExactly("192.0.2.1");
        enter("192.0.2.97");
        assertThat(sentAway).containsExactly("192.0.2.1", "192.0.2.3");
    }

    @Test
    void ipv6_strangers_are_counted_by_household() throws UnknownHostException {
        for (int host = 1; host <= DoorLimits.MAX_PER_NETWORK; host++) {
            enter("2001:db8:0:" + host + "::1");
        }

        enter("2001:db8:0:100::1");
        assertThat(sentAway).isEmpty();
        enter("2001:db8:0:ff::1");
        assertThat(sentAway).containsExactly("2001:db8:0:1::1");
    }

    @Test
    void all_strangers_together_have_a_limit_and_who_brings_the_most_loses_first() throws UnknownHostException {
        enter("203.0.113.1");
        for (int i = 0; i < 200; i++) {
            enter("198.51." + i / 4 + "." + i % 4);
        }

        assertThat(sentAway).hasSize(201 - DoorLimits.MAX).doesNotContain("203.0.113.1");
        places.forEach(DoorLimits.Place::close);
        enter("203.0.113.2");
        assertThat(sentAway).hasSize(201 - DoorLimits.MAX);
    }

    private void enter(String from) throws UnknownHostException {
        places.add(door.enter(ip(from), () -> sentAway.add(from)));
    }

    @Test
    void each_device_has_its_own_label_and_keeps_it() throws UnknownHostException {
        Device laptop = device("laptop");
        Device phone = device("phone");

        InetAddress label = labels.of(laptop);

        assertThat(label).isEqualTo(ip("127.77.1.0"));
        assertThat(labels.of(phone)).isEqualTo(ip("127.77.1.1"));
        assertThat(labels.of(laptop)).isEqualTo(label);
        assertThat(labels.deviceOf(label)).contains(laptop);
        assertThat(labels.deviceOf(Bridge.ENGINE)).isEmpty();
    }

    private static Device device(String id) {
        return new Device(new Jid("alice@example.org"), new DeviceId(id));
    }

    private static InetAddress ip(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }
}
