package bitween.link;

import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connects to several addresses of one device at once, because most of them usually lead nowhere from here (RFC 8305 in short). Thread: the one that dials.
 */
final class Race implements AutoCloseable {
    private final Selector selector;
    private final long deadlineNs;
    private final Deque<Runner> arrived = new ArrayDeque<>();

    /** A connection that is open, blocking again. */
    record Runner(PeerAddress address, SocketChannel channel) {}

    private Race(Selector selector, Duration limit) {
        this.selector = selector;
        deadlineNs = System.nanoTime() + limit.toNanos();
    }

    /**
     * @param limit after which an address that did not answer is given up
     * @throws IOException when the system has no selector left
     */
    static Race start(List<PeerAddress> addresses, Duration limit) throws IOException {
        Race race = new Race(Selector.open(), limit);
        addresses.forEach(race::dial);
        return race;
    }

    private void dial(PeerAddress address) {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            boolean connected = channel.connect(new InetSocketAddress(address.ip(), address.port()));
            channel.register(selector, connected ? 0 : SelectionKey.OP_CONNECT, address);
            if (connected) {
                arrive(channel.keyFor(selector));
            }
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException | SecurityException e) {
            Sockets.close(channel); // no route, or no IPv6 here: the others run on
        }
    }

    /**
     * Waits for the next one that connects.
     *
     * @return the caller's to close; null when nobody is left, or the time is over
     * @throws IOException when the selector fails, or the thread was interrupted
     */
    @Nullable
    Runner next() throws IOException {
        collect(); // who came while another was spoken to has arrived, however late it is now
        while (arrived.isEmpty() && !selector.keys().isEmpty()) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return null;
            }
            selector.select(this::finish, leftMs);
            if (Thread.interrupted()) {
                throw new java.io.InterruptedIOException("dialling was interrupted");
            }
            collect();
        }
        return arrived.poll();
    }

    /** Whether another may still come. */
    boolean hasMore() {
        return !arrived.isEmpty() || !selector.keys().isEmpty();
    }

    /** Until nothing is left to take: what was cancelled leaves the selector only then, and may be blocking. */
    private void collect() throws IOException {
        int taken;
        do {
            taken = selector.selectNow(this::finish);
        } while (taken > 0);
    }

    private void finish(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (channel.finishConnect()) {
                arrive(key);
            }
        } catch (IOException e) {
            key.cancel();
            Sockets.close(channel); // refused or unreachable: the others run on
        }
    }

    private void arrive(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        PeerAddress address = (PeerAddress) key.attachment();
        key.cancel();
        arrived.add(new Runner(address, channel));
    }

    /** Gives up everybody who has not been taken by {@link #next}. */
    @Override
    public void close() throws IOException {
        arrived.forEach(runner -> Sockets.close(runner.channel()));
        for (SelectionKey key : selector.keys()) {
            if (key.isValid()) {
                Sockets.close((SocketChannel) key.channel());
            }
        }
        selector.close();
    }
}
