package bitween.testing;

import bitween.model.InfoHash;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** BitTorrent's messages over one connection (BEP 3, 6 and 10), right or wrong as the test wants. Thread: one; {@link #close} from any. */
public final class PeerWire implements AutoCloseable {
    public static final int CHOKE = 0;
    public static final int UNCHOKE = 1;
    public static final int INTERESTED = 2;
    public static final int HAVE = 4;
    public static final int BITFIELD = 5;
    public static final int REQUEST = 6;
    public static final int PIECE = 7;
    public static final int CANCEL = 8;
    public static final int HAVE_ALL = 14;
    public static final int EXTENDED = 20;
    public static final int BLOCK_BYTES = 16_384;

    private static final byte[] PROTOCOL = "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);
    /** Extensions (BEP 10) and the fast ones (BEP 6). */
    private static final byte[] RESERVED = {0, 0, 0, 0, 0, 0x10, 0, 0x04};

    private static final Duration DIAL_LIMIT = Duration.ofSeconds(5);
    /** Longer than any message that libtorrent sends. */
    private static final int MAX_MESSAGE = 8 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private PeerWire(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = socket.getOutputStream();
    }

    /** A message; id -1: keep-alive. */
    public record Message(int id, ByteBuffer payload) {}

    static PeerWire accepted(Socket socket) throws IOException {
        return new PeerWire(socket);
    }

    static PeerWire dial(InetSocketAddress address) throws IOException {
        // of IPv4, as libtorrent's: the bridge looks in that table of the kernel who dials
        Socket socket = SocketChannel.open(StandardProtocolFamily.INET).socket();
        socket.connect(address, Math.toIntExact(DIAL_LIMIT.toMillis()));
        return new PeerWire(socket);
    }

    /** @return what the other side wants to speak of */
    public InfoHash readHandshake() throws IOException {
        byte[] handshake = in.readNBytes(PROTOCOL.length + RESERVED.length + 40);
        if (handshake.length < PROTOCOL.length + RESERVED.length + 40) {
            throw new IOException("the other side ended within its handshake");
        }
        int at = PROTOCOL.length + RESERVED.length;
        StringBuilder hex = new StringBuilder();
        for (byte next : Arrays.copyOfRange(handshake, at, at + 20)) {
            hex.append(String.format("%02x", next));
        }
        return new InfoHash(hex.toString());
    }

    public void writeHandshake(InfoHash hash) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(PROTOCOL);
        bytes.write(RESERVED);
        bytes.write(hash.bytes());
        bytes.write("-XX0000-badclient123".getBytes(StandardCharsets.US_ASCII));
        raw(bytes.toByteArray());
    }

    public void write(int id, byte... payload) throws IOException {
        raw(framed(id, payload));
    }

    /** Integers, four bytes each. */
    public void writeInts(int id, int... numbers) throws IOException {
        write(id, ints(numbers));
    }

    public static byte[] framed(int id, byte... payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) id)
                .put(payload)
                .array();
    }

    public static byte[] ints(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    public void raw(byte... bytes) throws IOException {
        out.write(bytes);
    }

    /** Waits for the next message. */
    public Message read() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_MESSAGE) {
            throw new IOException("a message of " + length + " bytes");
        }
        if (length == 0) {
            return new Message(-1, ByteBuffer.allocate(0));
        }
        ByteBuffer message = ByteBuffer.wrap(in.readNBytes(length));
        return new Message(message.get(), message.slice());
    }

    /** Reads until the other side ends. */
    public void readAll() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** Ends with a reset instead of an end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket that cannot be closed", e);
        }
    }
}
