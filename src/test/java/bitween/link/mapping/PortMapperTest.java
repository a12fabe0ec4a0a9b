package bitween.link.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.LinkEvent.OutsideMapped;
import bitween.message.PresenceEvent.NetworksChanged;
import bitween.model.AddressFilter;
import bitween.model.AddressFilter.Network;
import bitween.model.PeerAddress;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortMapperTest {
    private final ManualExecutor threads = new ManualExecutor(1);
    private final FakeTimers timers = new FakeTimers();
    private final Bus bus = new Bus(threads.lane("bus"));
    private final List<String> asked = new ArrayList<>();
    private final List<List<PeerAddress>> told = new ArrayList<>();
    private String router = "192.168.1.1";
    private String outside = "203.0.113.9:4711";
    private boolean refuses;
    private boolean silent;
    private PortMapper mapper;

    @BeforeEach
    void start() {
        bus.subscribe(OutsideMapped.class, threads.lane("test"), event -> told.add(event.addresses()));
        mapper = new PortMapper(
                bus,
                threads.lane("mapping"),
                timers,
                () -> Optional.of(router).filter(ip -> !ip.isEmpty()).map(PortMapperTest::ip),
                (gateway, own) -> List.of(new Refusing(), new Scripted(gateway, own)));
    }

    @Test
    void the_port_is_mapped_and_told_and_renewed_at_half_of_the_time() {
        networks(4_711, "192.168.1.7");
        timers.advance(Duration.ofMinutes(9));
        threads.runAll();
        assertThat(asked).containsExactly("refused", "map 4711 by 192.168.1.1 to 192.168.1.7");

        timers.advance(Duration.ofMinutes(1));
        threads.runAll();

        assertThat(asked).hasSize(3);
        assertThat(told).containsExactly(addresses("203.0.113.9:4711"));
    }

    @Test
    void another_port_network_or_router_takes_the_old_one_back_first() {
        networks(4_711, "192.168.1.7");
        networks(4_712, "192.168.1.7");
        networks(4_712, "192.168.1.8");

        assertThat(asked)
                .filteredOn(what -> !what.equals("refused"))
                .containsExactly(
                        "map 4711 by 192.168.1.1 to 192.168.1.7",
                        "unmap 4711",
                        "map 4712 by 192.168.1.1 to 192.168.1.7",
                        "unmap 4712",
                        "map 4712 by 192.168.1.1 to 192.168.1.8");
    }

    @Test
    void a_router_that_refuses_is_asked_again_after_a_while_and_what_it_granted_is_void() {
        networks(4_711, "192.168.1.7");
        refuses = true;
        timers.advance(Duration.ofMinutes(10));
        threads.runAll();
        assertThat(told).containsExactly(addresses("203.0.113.9:4711"), List.of());

        refuses = false;
        timers.advance(Duration.ofMinutes(15));
        threads.runAll();

        assertThat(told).hasSize(3).last().isEqualTo(addresses("203.0.113.9:4711"));
    }

    @Test
    void what_was_granted_stands_until_its_time_is_over_when_a_renewal_gets_lost() {
        networks(4_711, "192.168.1.7");
        silent = true;
        timers.advance(Duration.ofMinutes(19));
        threads.runAll();
        assertThat(told).containsExactly(addresses("203.0.113.9:4711"));

        timers.advance(Duration.ofMinutes(1));
        threads.runAll();
        assertThat(told).containsExactly(addresses("203.0.113.9:4711"), List.of());
    }

    @Test
    void a_renewal_that_arrives_at_the_second_try_is_as_good() {
        networks(4_711, "192.168.1.7");
        silent = true;
        timers.advance(Duration.ofMinutes(10));
        threads.runAll();
        silent = false;
        timers.advance(Duration.ofMinutes(2));
        threads.runAll();
        timers.advance(Duration.ofMinutes(9));
        threads.runAll();

        assertThat(told).containsExactly(addresses("203.0.113.9:4711"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "127.0.0.1", "10.0.0.7", "fd00::7", "192.168.1.1"})
    void nobody_is_asked_where_no_router_hides_us(String own) {
        router = own.equals("203.0.113.7") ? "203.0.113.1" : router;

        networks(4_711, own);
        timers.advance(Duration.ofHours(5));
        threads.runAll();

        assertThat(asked).isEmpty();
    }

    @Test
    void nobody_is_asked_without_a_port_or_a_router() {
        networks(0, "192.168.1.7");
        router = "";
        networks(4_711, "192.168.1.7");

        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.0.3:4711", "100.64.3.3:4711", "0.0.0.0:4711", "127.0.0.1:4711", "203.0.113.9:80"})
    void what_leads_nowhere_from_outside_is_given_back_and_not_told(String nowhere) {
        outside = nowhere;

        networks(4_711, "192.168.1.7");

        assertThat(told).isEmpty();
        assertThat(asked).last().isEqualTo("unmap 4711");
    }

    @Test
    void a_stop_takes_back_what_was_granted() {
        networks(4_711, "192.168.1.7");

        Thread closing = new Thread(mapper::close);
        closing.start();
        while (closing.isAlive()) {
            threads.runAll();
            Thread.onSpinWait();
        }

        assertThat(asked).last().isEqualTo("unmap 4711");
    }

    private void networks(int port, String own) {
        Network network = new Network(ip(own), own.indexOf(':') < 0 ? 24 : 64);
        bus.publish(new NetworksChanged(new AddressFilter(false, false, List.of(network), port)));
        threads.runAll();
    }

    private static List<PeerAddress> addresses(String address) {
        return List.of(PeerAddress.parse(address));
    }

    private static InetAddress ip(String ip) {
        return PeerAddress.parse((ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":1")
                .ip();
    }

    private final class Refusing implements Protocol {
        @Override
        public Mapping map(int port) throws IOException {
            asked.add("refused");
            throw new IOException("not spoken here");
        }

        @Override
        public void unmap(int port) {
            throw new AssertionError("nothing was granted");
        }
    }

    private final class Scripted implements Protocol {
        private final InetAddress gateway;
        private final InetAddress own;

        Scripted(InetAddress gateway, InetAddress own) {
            this.gateway = gateway;
            this.own = own;
        }

        @Override
        public Mapping map(int port) throws IOException {
            asked.add("map " + port + " by " + gateway.getHostAddress() + " to " + own.getHostAddress());
            if (refuses) {
                throw new Refused("no");
            }
            if (silent) {
                throw new IOException("no answer");
            }
            return new Mapping(PeerAddress.parse(outside), Duration.ofMinutes(20));
        }

        @Override
        public void unmap(int port) {
            asked.add("unmap " + port);
        }
    }
}
