package bitween.link.mapping;

import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** NAT Port Mapping Protocol (RFC 6886 section 3). */
final class NatPmp implements Protocol {
    private static final byte VERSION = 0;
    private static final byte ADDRESS = 0;
    private static final byte MAP_TCP = 2;
    private static final int ANSWER = 0x80;
    private static final int ADDRESS_BYTES = 12;
    private static final int MAP_BYTES = 16;
    private static final int QUESTION_BYTES = 12;

    private final RouterQuestion router;

    NatPmp(RouterQuestion router) {
        this.router = router;
    }

    private record Granted(int port, Duration lifetime) {}

    @Override
    public Mapping map(int port) throws IOException {
        InetAddress outside = router.ask(own -> new byte[] {VERSION, ADDRESS}, NatPmp::address);
        Granted granted = ask(port, port, Mapping.WANTED);
        if (granted.port == 0 || granted.lifetime.isZero()) {
            throw new IOException("the router grants no port, or for no time");
        }
        return new Mapping(new PeerAddress(outside, granted.port), granted.lifetime);
    }

    /** Section 3.4: for no time, and for port 0. */
    @Override
    public void unmap(int port) throws IOException {
        ask(port, 0, Duration.ZERO);
    }

    private Granted ask(int port, int outside, Duration lifetime) throws IOException {
        byte[] question = ByteBuffer.allocate(QUESTION_BYTES)
                .put(VERSION)
                .put(MAP_TCP)
                .putShort((short) 0)
                .putShort((short) port)
                .putShort((short) outside)
                .putInt((int) lifetime.toSeconds())
                .array();
        return router.ask(own -> question, answer -> granted(answer, port));
    }

    private static @Nullable InetAddress address(ByteBuffer answer) throws IOException {
        if (!isAnswer(answer, ADDRESS, ADDRESS_BYTES)) {
            return null;
        }
        byte[] ip = new byte[4];
        answer.position(8).get(ip);
        return InetAddress.getByAddress(ip);
    }

    private static @Nullable Granted granted(ByteBuffer answer, int port) throws IOException {
        if (!isAnswer(answer, MAP_TCP, MAP_BYTES) || (answer.getShort(8) & 0xFFFF) != port) {
            return null;
        }
        return new Granted(answer.getShort(10) & 0xFFFF, Duration.ofSeconds(answer.getInt(12) & 0xFFFF_FFFFL));
    }

    /** @throws IOException when it is one, and says no: such an answer may be shorter */
    private static boolean isAnswer(ByteBuffer answer, byte operation, int bytes) throws IOException {
        if (answer.remaining() < 4 || answer.get(0) != VERSION || (answer.get(1) & 0xFF) != (ANSWER | operation)) {
            return false;
        }
        int result = answer.getShort(2) & 0xFFFF;
        if (result != 0) {
            throw new Refused("the router refuses, by NAT-PMP: " + result);
        }
        return answer.remaining() >= bytes;
    }
}
