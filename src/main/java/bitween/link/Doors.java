package bitween.link;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The sockets on which links are accepted: one port, for IPv4 and IPv6. */
final class Doors {
    private static final Logger log = LogManager.getLogger(Doors.class);
    /** Of a port that is free for IPv4 and not for IPv6, or the other way round, another one is tried. */
    private static final int ATTEMPTS = 10;

    private static final int BACKLOG = 128;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private Doors() {}

    /**
     * @param port the one that is wanted; it, or the first free one after it, or any. 0: any
     * @param lastPort after which any will do
     * @param loopbackOnly whether only this machine's processes may reach it
     * @throws UserException BAD_CONFIG when no port is free
     */
    static List<ServerSocketChannel> open(int port, int lastPort, boolean loopbackOnly) {
        IOException last = null;
        for (int candidate = port; port > 0 && candidate <= lastPort; candidate++) {
            try {
                return bind(candidate, loopbackOnly);
            } catch (IOException e) {
                last = e;
            }
        }
        if (port > 0) {
            log.warn("no port from {} to {} is free, so links are accepted on any", port, lastPort);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
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
