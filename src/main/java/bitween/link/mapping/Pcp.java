package bitween.link.mapping;

import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Port Control Protocol, version 2, operation MAP (RFC 6887 sections 7 and 11). */
final class Pcp implements Protocol {
    static final int PORT = 5_351;
    static final int MESSAGE_BYTES = 60;

    private static final byte VERSION = 2;
    private static final byte MAP = 1;
    private static final int ANSWER = 0x80;
    private static final byte TCP = 6;
    private static final int NONCE_BYTES = 12;
    private static final int IP_BYTES = 16;
    /** ::ffff:0:0/96. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF};

    private final RouterQuestion router;
    /** The same for each renewal: the router then knows that it is us. */
    private final byte[] nonce = new byte[NONCE_BYTES];

    private @Nullable PeerAddress last;

    Pcp(RouterQuestion router) {
        this.router = router;
        new SecureRandom().nextBytes(nonce);
    }

    @Override
    public Mapping map(int port) throws IOException {
        Mapping granted = ask(port, Mapping.WANTED);
        if (granted.lifetime().isZero()) {
            throw new IOException("the router grants it for no time");
        }
        last = granted.outside();
        return granted;
    }

    @Override
    public void unmap(int port) throws IOException {
        ask(port, Duration.ZERO);
    }

    private Mapping ask(int port, Duration lifetime) throws IOException {
        return router.ask(own -> question(own, port, lifetime), answer -> read(answer, port));
    }

    private byte[] question(InetAddress own, int port, Duration lifetime) {
        PeerAddress before = last;
        ByteBuffer question = ByteBuffer.allocate(MESSAGE_BYTES)
                .put(VERSION)
                .put(MAP)
                .putShort((short) 0)
                .putInt((int) lifetime.toSeconds())
                .put(sixteen(own))
                .put(nonce)
                .put(TCP)
                .put(new byte[3])
                .putShort((short) port)
                .putShort((short) (before == null ? port : before.port()));
        return question.put(before == null ? sixteen(new byte[4]) : sixteen(before.ip()))
                .array();
    }

    private @Nullable Mapping read(ByteBuffer answer, int port) throws IOException {
        if (answer.remaining() >= 4 && answer.get(0) != VERSION) {
            throw new IOException("the router speaks version " + answer.get(0) + " of this, and no PCP");
        }
        if (answer.remaining() < MESSAGE_BYTES || (answer.get(1) & 0xFF) != (ANSWER | MAP)) {
            return null;
        }
        int result = answer.get(3) & 0xFF;
        long lifetimeSeconds = answer.getInt(4) & 0xFFFF_FFFFL;
        byte[] theirs = new byte[NONCE_BYTES];
        byte[] outside = new byte[IP_BYTES];
        answer.position(24).get(theirs);
        byte protocol = answer.get();
        answer.position(answer.position() + 3);
        int inside = answer.getShort() & 0xFFFF;
        int outsidePort = answer.getShort() & 0xFFFF;
        answer.get(outside);
        if (!Arrays.equals(theirs, nonce) || protocol != TCP || inside != port) {
            return null;
        }
        if (result != 0) {
            throw new Refused("the router refuses, by PCP: " + result);
        }
        if (outsidePort == 0) {
            throw new IOException("the router names no port");
        }
        return new Mapping(
                new PeerAddress(InetAddress.getByAddress(outside), outsidePort), Duration.ofSeconds(lifetimeSeconds));
    }

    private static byte[] sixteen(InetAddress ip) {
        return sixteen(ip.getAddress());
    }

    private static byte[] sixteen(byte[] ip) {
        return ip.length == IP_BYTES
                ? ip
                : ByteBuffer.allocate(IP_BYTES).put(MAPPED).put(ip).array();
    }
}
