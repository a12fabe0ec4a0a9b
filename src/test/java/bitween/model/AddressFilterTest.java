package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.AddressFilter.Network;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressFilterTest {
    private static final List<Network> ATTACHED = List.of(
            network("127.0.0.1", 8),
            network("::1", 128),
            network("192.168.7.20", 24),
            network("10.1.2.3", 30),
            network("100.64.1.1", 32),
            network("fd12:3456::7", 64),
            network("2001:db8:1::7", 64),
            network("fe80::7", 64),
            network("198.51.100.9", 24));
    private static final AddressFilter STRICT = new AddressFilter(false, false, ATTACHED, 6_881);
    private static final AddressFilter ANY_PRIVATE = new AddressFilter(false, true, List.of(), 0);
    private static final AddressFilter LAB = new AddressFilter(true, true, ATTACHED, 6_881);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "2.56.0.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "203.0.113.5",
                "223.255.255.254",
                // for documentation: nobody has them, so they lead nowhere
                "192.0.2.7",
                "198.51.100.77",
                "2001:db8::1",
                "2001:db8:1::9",
                "2001:4860:4860::8888",
                "2606:4700::1111",
                "2a00::1",
                "3fff:ffff::1",
                "2002:808:808::1",
                "64:ff9b::808:808",
                "2001:0:808:808:0:0:f7f7:f7f7",
                "2001:db8::5efe:808:808"
            })
    void a_public_address_is_good(String ip) {
        assertThat(STRICT.accepts(peer(ip, 7_000))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // unspecified, this network, link-local with the clouds' metadata service, multicast, reserved,
                // broadcast
                "0.0.0.0",
                "0.1.2.3",
                "0.255.255.255",
                "169.254.0.1",
                "169.254.169.254",
                "169.254.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "224.0.0.1",
                "224.0.0.251",
                "239.255.255.255",
                "240.0.0.1",
                "254.1.1.1",
                "255.255.255.255",
                "::",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "fe80::1:2:3",
                "ff02::1",
                "ff05::2",
                "ff0e::1",
                "ff3e::1",
                // never given out
                "100::1",
                "4000::1",
                "5f00::1",
                "e000::1",
                // IPv4 in IPv6 clothes: compatible, translated, NAT64, 6to4, Teredo by server and by client, ISATAP
                "::7f00:1",
                "::808:808",
                "::ffff:0:7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::a00:1",
                "64:ff9b::c0a8:101",
                "64:ff9b::6440:1",
                "64:ff9b:1::808:808",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2002:a9fe:a9fe::1",
                "2002:c0a8:101::1",
                "2002:6440:1::1",
                "2002:e000:1::1",
                "2001:0:7f00:1:0:0:f7f7:f7f7",
                "2001:0:a00:1:0:0:f7f7:f7f7",
                "2001:0:808:808:0:0:80ff:fffe",
                "2001:0:808:808:0:0:f5ff:fffe",
                "2001:db8::5efe:7f00:1",
                "2001:db8::5efe:a9fe:a9fe",
                "2001:db8::200:5efe:a00:1"
            })
    void an_address_that_is_nobodys_is_refused_whatever_is_allowed(String ip) {
        assertThat(LAB.accepts(peer(ip, 7_000))).isFalse();
        assertThat(LAB.announces(peer(ip, 7_000).ip())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.77.3.4", "127.255.255.254", "::1", "::ffff:127.0.0.1"})
    void this_machine_is_good_only_where_the_user_says_so(String ip) {
        assertThat(STRICT.accepts(peer(ip, 7_000))).isFalse();
        assertThat(STRICT.announces(peer(ip, 7_000).ip())).isFalse();
        assertThat(LAB.accepts(peer(ip, 7_000))).isTrue();
        assertThat(LAB.announces(peer(ip, 7_000).ip())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "10.1.2.5",
                "10.255.255.254",
                "172.16.0.1",
                "172.31.255.254",
                "192.168.0.1",
                "192.168.8.20",
                "100.64.0.1",
                "100.64.1.2",
                "100.127.255.254",
                "198.18.0.1",
                "198.19.255.254",
                "fc00::1",
                "fd12:3456:0:1::7",
                "fdff::1",
                "fdab:cdef::1",
                "::ffff:10.0.0.1",
                "::ffff:192.168.0.1"
            })
    void a_private_address_of_another_network_is_good_only_where_the_user_says_so(String ip) {
        assertThat(STRICT.accepts(peer(ip, 7_000))).isFalse();
        assertThat(ANY_PRIVATE.accepts(peer(ip, 7_000))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.7.1", "192.168.7.254", "10.1.2.2", "fd12:3456::8", "100.64.1.1"})
    void a_private_address_of_an_attached_network_is_good(String ip) {
        assertThat(STRICT.accepts(peer(ip, 7_000))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.7.255", "192.168.7.0", "10.1.2.0", "198.51.100.255", "198.51.100.0"})
    void what_names_all_hosts_of_an_attached_network_is_refused(String ip) {
        assertThat(LAB.accepts(peer(ip, 7_000))).isFalse();
    }

    /** Each of them some parser takes for an address; a resolver would be asked for the others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[fe80::1%eth0]:7000",
                "[fe80::1%1]:7000",
                "[2001:db8::1%25eth0]:7000",
                "2001:db8::1:7000",
                "[8.8.8.8]:7000",
                "8.8.8.8:0",
                "8.8.8.8:-1",
                "8.8.8.8:+7000",
                "8.8.8.8:65536",
                "[2001:db8::1]:65536",
                "127.1:7000",
                "2130706433:7000",
                "0x7f.0.0.1:7000",
                "0177.0.0.1:7000",
                "localhost:7000"
            })
    void what_is_no_plain_literal_with_a_port_never_gets_as_far_as_the_filter(String text) {
        assertThatThrownBy(() -> PeerAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1,false", "22,false", "25,false", "80,false", "443,false", "1023,false", "1024,true", "65535,true"})
    void ports_of_well_known_services_are_refused(int port, boolean good) {
        assertThat(STRICT.accepts(peer("8.8.8.8", port))).isEqualTo(good);
    }

    @Test
    void our_own_address_is_refused_with_our_own_port_only() {
        assertThat(LAB.accepts(peer("192.168.7.20", 6_881))).isFalse();
        assertThat(LAB.accepts(peer("127.0.0.1", 6_881))).isFalse();
        assertThat(LAB.accepts(peer("2001:db8:1::7", 6_881))).isFalse();
        assertThat(LAB.accepts(peer("192.168.7.20", 6_882))).isTrue();
        assertThat(LAB.accepts(peer("192.168.7.21", 6_881))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.5", "192.168.7.20", "10.9.9.9", "fd00::1", "2001:db8::1", "100.64.1.1"})
    void our_private_and_public_addresses_are_announced(String ip) {
        assertThat(STRICT.announces(peer(ip, 7_000).ip())).isTrue();
    }

    @Test
    void a_network_ends_at_any_bit() {
        assertThat(network("10.1.2.3", 0).contains(ip("200.1.1.1"))).isTrue();
        assertThat(network("10.1.2.3", 31).contains(ip("10.1.2.2"))).isTrue();
        assertThat(network("10.1.2.3", 31).contains(ip("10.1.2.4"))).isFalse();
        assertThat(network("10.1.2.3", 32).contains(ip("10.1.2.2"))).isFalse();
        assertThat(network("10.1.2.3", 8).contains(ip("2001:db8::1"))).isFalse();
    }

    private static Network network(String ip, int prefixBits) {
        return new Network(ip(ip), prefixBits);
    }

    private static InetAddress ip(String ip) {
        return peer(ip, 7_000).ip();
    }

    private static PeerAddress peer(String ip, int port) {
        return PeerAddress.parse((ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port);
    }
}
