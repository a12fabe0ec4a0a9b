package bitween.link;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.model.BytePipe;
import bitween.model.Device;
import bitween.model.Fingerprint;
import bitween.model.FullJid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.model.PipeDoor;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens links to friends' devices: by TCP, or through the XMPP servers. Thread: whoever calls waits; nothing here but {@link #hasInBand} may be called on a mailbox.
 */
final class Dialer {
    /** How long TCP may take to connect before the XMPP servers are asked to carry the bytes. */
    static final Duration HEAD_START = Duration.ofSeconds(2);
    /** A handshake through the XMPP servers is some 4 KiB, and small ones let 3 kB a second through. */
    static final Duration IN_BAND_HANDSHAKE = Duration.ofSeconds(30);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Who says nothing for so long keeps no other address from its turn. */
    private static final Duration HANDSHAKE_IF_OTHERS = Duration.ofSeconds(3);

    private final Tls tls;
    private final Routes routes;
    private final DialLimits limits;
    private final Timers timers;
    private final Mailbox mailbox;
    private volatile @Nullable InBand inBand;

    private record InBand(PipeDoor door, Function<Device, Optional<FullJid>> whereabouts) {}

    /** @param mailbox ends handshakes that take too long */
    Dialer(Tls tls, Routes routes, DialLimits limits, Timers timers, Mailbox mailbox) {
        this.tls = tls;
        this.routes = routes;
        this.limits = limits;
        this.timers = timers;
        this.mailbox = mailbox;
    }

    /**
     * From now on the XMPP servers are a way too.
     *
     * @param whereabouts where a device is reached on XMPP, while it is online; any thread
     */
    void alsoInBand(PipeDoor door, Function<Device, Optional<FullJid>> whereabouts) {
        inBand = new InBand(door, whereabouts);
    }

    /** Whether the XMPP servers know a way to the device now. Any thread; never blocks. */
    boolean hasInBand(Device device) {
        InBand way = inBand;
        return way != null && way.whereabouts.apply(device).isPresent();
    }

    /** Whether the device was reached at an address of those that it announces now. Any thread; never blocks. */
    boolean hasProven(Device device) {
        return routes.provenOf(device).isPresent();
    }

    /**
     * Through the XMPP servers, which see ciphertext.
     *
     * @throws IOException when that leads nowhere now
     */
    Link dialInBand(Device device, Purpose purpose) throws IOException {
        InBand way = inBand;
        FullJid to = way == null ? null : way.whereabouts.apply(device).orElse(null);
        if (way == null || to == null) {
            throw new ConnectException("no XMPP server leads to " + device + " now");
        }
        return shakeHands(device, purpose, way.door.open(to), LinkPath.inBand(), IN_BAND_HANDSHAKE, () -> {});
    }

    /**
     * Dials every address of the device that may be dialled now, and takes the first at which it proves its key.
     *
     * @throws IOException when there is none
     */
    Link dial(Device device, Purpose purpose) throws IOException {
        return dial(device, purpose, CONNECT);
    }

    /**
     * As above.
     *
     * @param limit for TCP to connect
     */
    Link dial(Device device, Purpose purpose, Duration limit) throws IOException {
        return dial(device, purpose, limit, routes.to(device));
    }

    /**
     * Dials the device at some of its addresses, as above.
     *
     * @throws IOException when it is at none of them
     */
    Link dialAt(Device device, Purpose purpose, List<PeerAddress> addresses) throws IOException {
        return dial(device, purpose, CONNECT, addresses);
    }

    /**
     * Dials the device where it was before, and nowhere else.
     *
     * @throws IOException when it is not there
     */
    Link dialAgain(Device device, Purpose purpose) throws IOException {
        return dial(device, purpose, CONNECT, routes.provenOf(device).stream().toList());
    }

    private Link dial(Device device, Purpose purpose, Duration limit, List<PeerAddress> known) throws IOException {
        List<PeerAddress> addresses = known.stream()
                .filter(address -> limits.permits(device, address))
                .toList();
        if (addresses.isEmpty()) {
            throw new ConnectException("no address of " + device + " may be dialled now");
        }
        IOException last = new ConnectException("no address of " + device + " answers: " + addresses);
        try (Race race = Race.start(addresses, limit)) {
            for (Race.Runner first = race.next(); first != null; first = race.next()) {
                try {
                    return shakeHands(
                            device,
                            purpose,
                            TcpPipe.over(Sockets.prepared(first.channel())),
                            LinkPath.direct(first.address()),
                            race.hasMore() ? HANDSHAKE_IF_OTHERS : SecureChannel.HANDSHAKE_LIMIT,
                            proof(device, first.address()));
                } catch (IOException e) {
                    limits.failed(device, first.address());
                    last = e;
                }
            }
        }
        addresses.forEach(address ->
                limits.failed(device, address)); // also those that did not answer: they are dialled seldom again
        throw last;
    }

    /** What was heard first from there shows that we are no stranger to it; until then it is dialled seldom. */
    private Runnable proof(Device device, PeerAddress address) {
        AtomicBoolean known = new AtomicBoolean();
        return () -> {
            if (!known.get() && !known.getAndSet(true)) {
                limits.proved(device, address);
                routes.proved(device, address);
            }
        };
    }

    private Link shakeHands(
            Device device, Purpose purpose, BytePipe pipe, LinkPath path, Duration limit, Runnable heard)
            throws IOException {
        Timers.Timer deadline = timers.after(limit, mailbox, pipe::close);
        try {
            SecureChannel channel =
                    SecureChannel.dial(pipe, tls, new Fingerprint(device.id().value()));
            channel.write(ByteBuffer.wrap(new byte[] {purpose.sign()}));
            return new Link(device, path, true, channel, heard);
        } catch (IOException e) {
            pipe.close();
            throw e;
        } finally {
            deadline.cancel();
        }
    }
}
