package bitween.link;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.model.BytePipe;
import bitween.model.Device;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts links from friends' devices, and sends everybody else away without a byte of ours but TLS's own. Thread: {@code link-accept} accepts; a handshake runs on a
 * thread of the executor.
 */
final class LinkListener implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(LinkListener.class);

    private final List<ServerSocketChannel> doors;
    private final Tls tls;
    private final TrustedDevices trusted;
    private final Timers timers;
    private final Mailbox mailbox;
    private final Executor threads;
    private final Guests guests;
    private final DoorLimits limits = new DoorLimits();
    private final AtomicLong refused = new AtomicLong();
    private final Acceptor acceptor;

    /** Takes links whose device has proved its key; on a thread that may block as long as the link lives. */
    interface Guests {
        void onLink(Link link, Purpose purpose);
    }

    private LinkListener(
            List<ServerSocketChannel> doors,
            Tls tls,
            TrustedDevices trusted,
            Timers timers,
            Mailbox mailbox,
            Executor threads,
            Guests guests)
            throws IOException {
        this.doors = doors;
        this.tls = tls;
        this.trusted = trusted;
        this.timers = timers;
        this.mailbox = mailbox;
        this.threads = threads;
        this.guests = guests;
        acceptor = Acceptor.start("link-accept", this::accept);
    }

    /**
     * @param doors bound, of one port
     * @param mailbox ends handshakes that take too long
     */
    static LinkListener start(
            List<ServerSocketChannel> doors,
            Tls tls,
            TrustedDevices trusted,
            Timers timers,
            Mailbox mailbox,
            Executor threads,
            Guests guests)
            throws IOException {
        LinkListener listener = new LinkListener(doors, tls, trusted, timers, mailbox, threads, guests);
        for (ServerSocketChannel door : doors) {
            listener.acceptor.watch(door);
        }
        return listener;
    }

    int port() throws IOException {
        return ((InetSocketAddress) doors.get(0).getLocalAddress()).getPort();
    }

    /** Connections so far that were sent away: strangers, and who did not speak our protocol. */
    long refused() {
        return refused.get();
    }

    private void accept(SocketChannel channel) {
        try {
            welcome(Sockets.prepared(channel));
        } catch (IOException e) {
            Sockets.close(channel);
            log.debug("somebody could not be accepted: {}", e.getMessage());
        }
    }

    private void welcome(SocketChannel channel) throws IOException {
        InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
        DoorLimits.Place place = limits.enter(from.getAddress(), () -> Sockets.close(channel));
        try {
            TcpPipe pipe = TcpPipe.over(channel);
            LinkPath path = LinkPath.direct(new PeerAddress(from.getAddress(), from.getPort()));
            threads.execute(() -> shakeHands(pipe, path, null, SecureChannel.HANDSHAKE_LIMIT, place::close));
        } catch (IOException | RejectedExecutionException e) {
            place.close();
            Sockets.close(channel);
        }
    }

    /** Somebody came through the XMPP servers. Never blocks. */
    void welcome(FullJid from, BytePipe pipe) {
        try {
            threads.execute(() -> shakeHands(pipe, LinkPath.inBand(), from.jid(), Dialer.IN_BAND_HANDSHAKE, () -> {}));
        } catch (RejectedExecutionException e) {
            pipe.close();
        }
    }

    /**
     * @param account whose device alone it may be; null: anybody's
     * @param settled called, maybe twice, once it is clear who is there
     */
    private void shakeHands(BytePipe pipe, LinkPath path, @Nullable Jid account, Duration limit, Runnable settled) {
        Timers.Timer deadline = timers.after(limit, mailbox, pipe::close);
        try {
            SecureChannel secure = SecureChannel.accept(
                    pipe, tls, fingerprint -> trusted.of(fingerprint).isPresent());
            Device device = trusted.of(secure.peer()).orElseThrow(() -> new IOException("is no longer trusted"));
            if (account != null && !device.jid().equals(account)) {
                throw new IOException("has the key of " + device);
            }
            Link link = new Link(device, path, false, secure);
            ByteBuffer sign = ByteBuffer.allocate(1);
            if (!link.fill(sign)) {
                throw new EOFException("ended before it said what for");
            }
            Purpose purpose = Purpose.of(sign.get());
            deadline.cancel();
            settled.run();
            guests.onLink(link, purpose);
        } catch (IOException e) {
            refused.incrementAndGet();
            log.debug("{} was sent away: {}", pipe.path(), e.toString());
            pipe.close();
        } finally {
            deadline.cancel();
            settled.run();
        }
    }

    /** Lets nobody in any more; who is in stays. Idempotent; within 1 s. */
    @Override
    public void close() {
        doors.forEach(Sockets::close);
        acceptor.close();
    }
}
