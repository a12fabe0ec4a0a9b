package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenSpecTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_port_that_somebody_listens_on_is_passed_over(boolean loopbackOnly) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(new ListenSpec(port, loopbackOnly).freePort())
                    .isPositive()
                    .isNotEqualTo(port);
        }
    }

    @Test
    void a_port_of_which_only_udp_is_taken_is_passed_over_too() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(new ListenSpec(port, true).freePort()).isNotEqualTo(port);
        }
    }

    @Test
    void both_families_get_one_port_and_loopback_is_all_when_asked_for() {
        assertThat(new ListenSpec(0, true).interfaces(6881)).isEqualTo("127.0.0.1:6881,[::1]:6881");
        assertThat(new ListenSpec(0, false).interfaces(6881)).isEqualTo("0.0.0.0:6881,[::]:6881");
    }

    @Test
    void what_is_no_port_is_refused() {
        assertThatThrownBy(() -> new ListenSpec(65_536, true)).hasMessageContaining("65536");
    }
}
