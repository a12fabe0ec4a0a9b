package bitween.link.mapping;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where packets for everybody else go, as the kernel's table has it (proc(5), /proc/net/route). */
final class DefaultRoute {
    static final Path TABLE = Path.of("/proc/net/route");
    /** RTF_UP and RTF_GATEWAY of linux/route.h. */
    private static final int USABLE = 3;

    private static final int COLUMNS = 8;
    private static final String EVERYBODY = "00000000";

    private DefaultRoute() {}

    private record Route(InetAddress gateway, int metric) {}

    /** @return the IPv4 gateway; empty when there is none, or the system does not tell */
    static Optional<InetAddress> gateway(Path table) {
        try {
            return Files.readAllLines(table).stream()
                    .map(DefaultRoute::route)
                    .flatMap(Optional::stream)
                    .min(Comparator.comparingInt(Route::metric))
                    .map(Route::gateway);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Iface Destination Gateway Flags RefCnt Use Metric Mask … */
    private static Optional<Route> route(String line) {
        String[] columns = line.trim().split("\\s+");
        if (columns.length < COLUMNS || !columns[1].equals(EVERYBODY) || !columns[7].equals(EVERYBODY)) {
            return Optional.empty();
        }
        try {
            InetAddress gateway = address(columns[2]);
            boolean usable = (Integer.parseInt(columns[3], 16) & USABLE) == USABLE;
            return usable && gateway != null
                    ? Optional.of(new Route(gateway, Integer.parseInt(columns[6])))
                    : Optional.empty();
        } catch (NumberFormatException | UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** In the byte order of the machine, which is little-endian wherever bitween runs. */
    private static @Nullable InetAddress address(String hex) throws UnknownHostException {
        int ip = Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
        byte[] bytes = {(byte) (ip >> 24), (byte) (ip >> 16), (byte) (ip >> 8), (byte) ip};
        return ip == 0 ? null : InetAddress.getByAddress(bytes);
    }
}
