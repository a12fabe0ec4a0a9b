package bitween.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The ports on this machine that libtorrent dials to reach friends' devices: one for each label in use, opened just in time. Thread: any; {@code link-local}
 * accepts for all of them, and hands on.
 */
final class LocalPorts implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(LocalPorts.class);
    /** libtorrent dials one label at most once for each of its torrents. */
    private static final int BACKLOG = 64;

    /** Of one label; a friend that spoils one share after the other must not use up ours. */
    private static final int MAX_PORTS = 16;

    private final Acceptor acceptor;
    private final BiConsumer<InetAddress, SocketChannel> accepted;
    /** The newest is the last. */
    private final Map<InetAddress, Deque<ServerSocketChannel>> open = new HashMap<>();

    private LocalPorts(BiConsumer<InetAddress, SocketChannel> accepted) throws IOException {
        this.accepted = accepted;
        acceptor = Acceptor.start("link-local", this::accept);
    }

    /**
     * @param accepted gets the label and the connection, which is blocking; must only hand it on, and owns it then
     * @throws IOException when the system has no selector left
     */
    static LocalPorts start(BiConsumer<InetAddress, SocketChannel> accepted) throws IOException {
        return new LocalPorts(accepted);
    }

    /**
     * Opens a port at {@code label}, unless there is one.
     *
     * @return where
     * @throws IOException when no port is free, or it is closed already
     */
    synchronized InetSocketAddress open(InetAddress label) throws IOException {
        Deque<ServerSocketChannel> known = open.get(label);
        return known == null
                ? another(label)
                : (InetSocketAddress) known.getLast().getLocalAddress();
    }

    /**
     * Opens one more port at {@code label}, which {@link #open} returns from now on. The last few stay: other torrents know the device by them.
     *
     * @return where
     * @throws IOException when no port is free, or it is closed already
     */
    synchronized InetSocketAddress another(InetAddress label) throws IOException {
        ServerSocketChannel fresh = ServerSocketChannel.open();
        try {
            fresh.bind(new InetSocketAddress(label, 0), BACKLOG);
            acceptor.watch(fresh);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        Deque<ServerSocketChannel> all = open.computeIfAbsent(label, none -> new ArrayDeque<>());
        all.addLast(fresh);
        if (all.size() > MAX_PORTS) {
            Sockets.close(all.removeFirst());
        }
        acceptor.forgetClosed();
        return (InetSocketAddress) fresh.getLocalAddress();
    }

    /** Idempotent. What was accepted lives on. */
    synchronized void close(InetAddress label) {
        open.getOrDefault(label, new ArrayDeque<>()).forEach(Sockets::close);
        open.remove(label);
        acceptor.forgetClosed();
    }

    private void accept(SocketChannel connection) {
        try {
            accepted.accept(((InetSocketAddress) connection.getLocalAddress()).getAddress(), connection);
        } catch (IOException e) {
            Sockets.close(connection);
            log.debug("libtorrent dialled, and left: {}", e.getMessage());
        }
    }

    /** Closes every port. Idempotent; within 1 s. */
    @Override
    public void close() {
        synchronized (this) {
            open.values().forEach(all -> all.forEach(Sockets::close));
            open.clear();
        }
        acceptor.close();
    }
}
