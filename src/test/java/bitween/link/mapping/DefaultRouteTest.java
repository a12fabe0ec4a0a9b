package bitween.link.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultRouteTest {
    private static final String HEAD =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

    @TempDir
    Path directory;

    @Test
    void of_several_the_cheapest_is_the_kernels_choice() throws IOException {
        assertThat(DefaultRoute.gateway(table("""
                wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
                eth0\t00000000\t0107A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
                eth0\t0007A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
                """)))
                .map(InetAddress::getHostAddress)
                .contains("192.168.7.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "eth0\t0007A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
                "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0",
                "eth0\t00000000\t0107A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0",
                "tun0\t00000000\t0107A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0",
                "eth0\t00000000\tnonsense\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                "eth0\t00000000\t0107A8C0"
            })
    void without_a_gateway_for_everybody_there_is_none(String line) throws IOException {
        assertThat(DefaultRoute.gateway(table(line + "\n"))).isEmpty();
    }

    @Test
    void a_system_without_the_table_has_none() {
        assertThat(DefaultRoute.gateway(directory.resolve("missing"))).isEmpty();
    }

    private Path table(String lines) throws IOException {
        return Files.writeString(directory.resolve("route"), HEAD + lines);
    }
}
