package bitween.link;

import bitween.model.Fingerprint;
import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import bitween.testing.PeerWire;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A device whose owner has changed the program: with a key that it has, it dials whom it likes for what it likes, and takes as long as it is given.
 */
public final class Taker implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** Enough for the rates of tests. */
    private static final int REQUESTS_AHEAD = 32;

    private static final int PIECE_HEAD = 1 + 8;

    private final Target target;
    private final SecureChannel channel;
    private final DataInputStream in;
    private final AtomicLong taken = new AtomicLong();
    private final Thread thread = new Thread(this::run, "taker");
    private volatile long lastByteNs = System.nanoTime();
    private int asked;

    /**
     * What it knows.
     *
     * @param owner the SHA-256 of the key of the device that it dials
     * @param address HOST:PORT
     * @param pieceBytes how long each of the share's pieces is
     */
    public record Target(String owner, String address, String hash, int pieces, int pieceBytes) {}

    private Taker(Tls tls, Target target) throws IOException {
        this.target = target;
        channel = SecureChannel.dial(
                TcpPipe.dial(PeerAddress.parse(target.address), LIMIT), tls, new Fingerprint(target.owner));
        in = new DataInputStream(Channels.newInputStream(new Decrypted(channel)));
        thread.setDaemon(true);
    }

    private record Decrypted(SecureChannel channel) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    /** Takes the share from its beginning, and again, in a thread of its own, until it is sent away. */
    public static Taker start(Path key, Target target) throws IOException {
        Taker taker = new Taker(Tls.jdk(DeviceKey.open(key)), target);
        taker.thread.start();
        return taker;
    }

    /** @return how many bytes it is told, beyond TLS's own, before it has said more than what it wants */
    public static int knock(Path key, Target target) {
        return knock(DeviceKey.open(key), target);
    }

    private static int knock(DeviceKey key, Target target) {
        try (Taker taker = new Taker(Tls.jdk(key), target)) {
            taker.greet();
            return taker.in.readNBytes(PeerHandshake.BYTES).length;
        } catch (IOException e) {
            return 0; // refused, reset, or an alert: all are no answer
        }
    }

    /**
     * From a host of its own: {@code Taker TIMES OWNER HOST:PORT HASH [KEY]}. Prints how many bytes it was told in all.
     */
    public static void main(String[] arguments) {
        DeviceKey key = arguments.length > 4 ? DeviceKey.open(Path.of(arguments[4])) : DeviceKey.create();
        Target target = new Target(arguments[1], arguments[2], arguments[3], 0, 0);
        long told = 0;
        for (int times = Integer.parseInt(arguments[0]); times > 0; times--) {
            told += knock(key, target);
        }
        System.out.println("told " + told + " bytes");
    }

    /** Bytes of the share that came so far. */
    public long taken() {
        return taken.get();
    }

    /** When the last of them came, as {@link System#nanoTime} tells it. */
    public long lastByteNs() {
        return lastByteNs;
    }

    public boolean hasEnded() {
        return !thread.isAlive();
    }

    private void run() {
        try {
            greet();
            in.readNBytes(PeerHandshake.BYTES);
            say(PeerWire.framed(PeerWire.INTERESTED));
            while (true) {
                hear(ByteBuffer.wrap(in.readNBytes(in.readInt())));
            }
        } catch (IOException e) {
            System.out.println("the taker was sent away: " + e.getMessage());
        } finally {
            channel.close();
        }
    }

    private void hear(ByteBuffer message) throws IOException {
        int id = message.hasRemaining() ? message.get(0) : -1; // nothing keeps it alive
        if (id == PeerWire.UNCHOKE) {
            for (int i = 0; i < REQUESTS_AHEAD; i++) {
                ask();
            }
        } else if (id == PeerWire.PIECE) {
            lastByteNs = System.nanoTime();
            taken.addAndGet(message.remaining() - PIECE_HEAD);
            ask();
        }
    }

    private void ask() throws IOException {
        int blocks = target.pieceBytes / PeerWire.BLOCK_BYTES;
        int piece = asked / blocks % target.pieces;
        int begin = asked % blocks * PeerWire.BLOCK_BYTES;
        asked++;
        say(PeerWire.framed(PeerWire.REQUEST, PeerWire.ints(piece, begin, PeerWire.BLOCK_BYTES)));
    }

    private void greet() throws IOException {
        say(new byte[] {Purpose.PEER.sign()});
        ByteBuffer handshake = ByteBuffer.allocate(PeerHandshake.BYTES)
                .put("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1))
                .put(new byte[8])
                .put(new InfoHash(target.hash).bytes())
                .put("-XX0000-takes-things".getBytes(StandardCharsets.US_ASCII));
        say(handshake.array());
    }

    private void say(byte[] bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes));
    }

    @Override
    public void close() {
        channel.close();
    }
}
