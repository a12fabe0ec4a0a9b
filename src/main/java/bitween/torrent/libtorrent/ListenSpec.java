package bitween.torrent.libtorrent;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where to accept peers.
 *
 * @param port 0 for any that is free
 * @param loopbackOnly whether only this machine's processes can reach it
 */
public record ListenSpec(int port, boolean loopbackOnly) {
    /** How many ports after the configured one are tried before any will do: as many daemons as one machine may have. */
    static final int NEXT_PORTS = 10;
    /** The JDK binds it for IPv4 and IPv6. */
    private static final byte[] ANY = {0, 0, 0, 0};

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    public ListenSpec {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /**
     * The configured port, or the first free one after it, or any. Asked of the kernel here, because libtorrent tries each address by itself and so may
     * end with one port for IPv4 and another for IPv6. Somebody may take the port before libtorrent does; then it says that it cannot listen.
     */
    int freePort() {
        for (int candidate = port; port > 0 && candidate <= Math.min(port + NEXT_PORTS, 65_535); candidate++) {
            if (isFree(candidate)) {
                return candidate;
            }
        }
        for (int attempt = 0; attempt < NEXT_PORTS; attempt++) {
            int candidate = anyPort();
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw noneFree(null);
    }

    private int anyPort() {
        try (ServerSocket any = new ServerSocket(0, 1, loopbackOnly ? InetAddress.getLoopbackAddress() : null)) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw noneFree(e);
        }
    }

    private static UserException noneFree(@Nullable IOException cause) {
        String sentence = "no port is free to accept peers on";
        String hint = "look what holds so many ports";
        return cause == null
                ? new UserException(ErrorCode.BAD_CONFIG, sentence, hint)
                : new UserException(ErrorCode.BAD_CONFIG, sentence + ": " + cause.getMessage(), hint, cause);
    }

    /** libtorrent's listen_interfaces. */
    String interfaces(int chosenPort) {
        return loopbackOnly
                ? "127.0.0.1:" + chosenPort + ",[::1]:" + chosenPort
                : "0.0.0.0:" + chosenPort + ",[::]:" + chosenPort;
    }

    /** libtorrent binds TCP and, though nothing of ours uses it, UDP. */
    private boolean isFree(int candidate) {
        if (!loopbackOnly) {
            return canBind(ANY, candidate);
        }
        return canBind(LOOPBACK, candidate) && (canBind(LOOPBACK_6, candidate) || !canBind(LOOPBACK_6, 0));
    }

    private static boolean canBind(byte[] host, int port) {
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(null)) {
            var address = new InetSocketAddress(InetAddress.getByAddress(host), port);
            tcp.bind(address, 1);
            udp.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
