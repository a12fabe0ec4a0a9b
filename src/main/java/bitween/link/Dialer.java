package bitween.link;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.model.Device;
import bitween.model.Fingerprint;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Opens links to friends' devices. Thread: whoever calls waits; nothing here may be called on a mailbox. */
final class Dialer {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Tls tls;
    private final Routes routes;
    private final DialLimits limits;
    private final Timers timers;
    private final Mailbox mailbox;

    /** @param mailbox ends handshakes that take too long */
    Dialer(Tls tls, Routes routes, DialLimits limits, Timers timers, Mailbox mailbox) {
        this.tls = tls;
        this.routes = routes;
        this.limits = limits;
        this.timers = timers;
        this.mailbox = mailbox;
    }

    /**
     * Dials every address of the device that may be dialled now, and takes the first at which it proves its key.
     *
     * @throws IOException when there is none
     */
    Link dial(Device device, Purpose purpose) throws IOException {
        List<PeerAddress> addresses =
                routes.to(device).stream().filter(limits::permits).toList();
        if (addresses.isEmpty()) {
            throw new ConnectException("no address of " + device + " may be dialled now");
        }
        IOException last = new ConnectException("no address of " + device + " answers: " + addresses);
        try (Race race = Race.start(addresses, CONNECT)) {
            for (Race.Runner first = race.next(); first != null; first = race.next()) {
                try {
                    Link link = shakeHands(device, purpose, first);
                    limits.proved(first.address());
                    routes.proved(device, first.address());
                    return link;
                } catch (IOException e) {
                    limits.failed(first.address());
                    last = e;
                }
            }
        }
        throw last;
    }

    private Link shakeHands(Device device, Purpose purpose, Race.Runner runner) throws IOException {
        TcpPipe pipe = TcpPipe.over(Sockets.prepared(runner.channel()));
        Timers.Timer deadline = timers.after(SecureChannel.HANDSHAKE_LIMIT, mailbox, pipe::close);
        try {
            SecureChannel channel =
                    SecureChannel.dial(pipe, tls, new Fingerprint(device.id().value()));
            channel.write(ByteBuffer.wrap(new byte[] {purpose.sign()}));
            return new Link(device, LinkPath.direct(runner.address()), true, channel);
        } catch (IOException e) {
            pipe.close();
            throw e;
        } finally {
            deadline.cancel();
        }
    }
}
