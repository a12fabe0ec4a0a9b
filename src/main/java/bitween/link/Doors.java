package bitween.link;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The sockets on which links are accepted: one port, for IPv4 and IPv6. */
final class Doors {
    /** How many ports after the configured one are tried before any will do: as many daemons as one machine may have. */
    private static final int NEXT_PORTS = 10;

    private static final int BACKLOG = 128;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private Doors() {}

    /**
     * @param port the one that is wanted; it, or the first free one after it, or any. 0: any
     * @param loopbackOnly whether only this machine's processes may reach it
     * @throws UserException BAD_CONFIG when no port is free
     */
    static List<ServerSocketChannel> open(int port, boolean loopbackOnly) {
        IOException last = null;
        for (int candidate = port; port > 0 && candidate <= Math.min(port + NEXT_PORTS, 65_535); candidate++) {
            try {
                return bind(candidate, loopbackOnly);
            } catch (IOException e) {
                last = e;
            }
        }
        for (int attempt = 0; attempt < NEXT_PORTS; attempt++) {
            try {
                return bind(0, loopbackOnly);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UserException(
                ErrorCode.BAD_CONFIG,
                "no port is free to accept links on" + (last == null ? "" : ": " + last.getMessage()),
                "look what holds so many ports");
    }

    private static List<ServerSocketChannel> bind(int port, boolean loopbackOnly) throws IOException {
        List<ServerSocketChannel> doors = new ArrayList<>();
        try {
            if (!loopbackOnly) {
                doors.add(bound(new InetSocketAddress(port))); // the JDK binds it for IPv4 and IPv6
                return doors;
            }
            doors.add(bound(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port)));
            InetAddress six = InetAddress.getByAddress(LOOPBACK_6);
            if (isHere(six)) {
                int chosen = ((InetSocketAddress) doors.get(0).getLocalAddress()).getPort();
                doors.add(bound(new InetSocketAddress(six, chosen)));
            }
            return doors;
        } catch (IOException e) {
            doors.forEach(Sockets::close);
            throw e;
        }
    }

    private static boolean isHere(InetAddress address) {
        try {
            bound(new InetSocketAddress(address, 0)).close();
            return true;
        } catch (IOException e) {
            return false; // no IPv6 on this machine
        }
    }

    private static ServerSocketChannel bound(InetSocketAddress address) throws IOException {
        ServerSocketChannel door = ServerSocketChannel.open();
        try {
            return door.bind(address, BACKLOG);
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }
}
