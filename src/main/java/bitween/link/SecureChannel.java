package bitween.link;

import bitween.model.BytePipe;
import bitween.model.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/**
 * A pipe that only the device at its other end can read, and only that one has written: TLS 1.3 over any pipe, both keys pinned. Between its two ends it
 * behaves like the pipe below, except that an end that was cut off is told from one that was meant: {@link #read} returns -1 only after {@link #finish}
 * over there. There is no half of an end: who has finished does not read any more.
 *
 * <p>It lasts for 120 GiB each way, which its keys are good for; {@link #write} throws when more is wanted, and it has to be dialled again.
 *
 * <p>Nothing here knows of time. Who opens a channel closes its pipe after {@link #HANDSHAKE_LIMIT}, who waits for an answer closes the channel.
 */
public final class SecureChannel implements BytePipe {
    /** A handshake takes two round trips and some 10 ms; who needs longer wants to be a nuisance. */
    public static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);
    /** Room for four full records, and one more, without which the fourth would not fit: the buffer to read with when much comes. */
    public static final int BUFFER_BYTES = BufferPool.BUFFER_BYTES;

    private final BytePipe pipe;
    private final TlsEngine engine;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Fingerprint peer;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SecureChannel(BytePipe pipe, TlsEngine engine, Inbound inbound, Outbound outbound, Fingerprint peer) {
        this.pipe = pipe;
        this.engine = engine;
        this.inbound = inbound;
        this.outbound = outbound;
        this.peer = peer;
    }

    /**
     * Goes through the handshake at the end that has dialled. Afterwards the other end has proved to be {@code expected}, but may still refuse us: TLS 1.3
     * lets it say so only later, and {@link #read} throws.
     *
     * @param pipe the channel's from now on; closed when this fails
     * @throws StrangerException when somebody else answers
     */
    public static SecureChannel dial(BytePipe pipe, Tls tls, Fingerprint expected) throws IOException {
        return open(pipe, tls, true, new PinnedKeys(expected::equals));
    }

    /**
     * Goes through the handshake at the end that was dialled. Afterwards both ends agree on who they are.
     *
     * @param pipe the channel's from now on; closed when this fails
     * @param pinned asked once, in this thread, whether a device with this key may go on; that it holds the key it proves only afterwards
     * @throws StrangerException when it may not, or shows something else than a device's certificate
     */
    public static SecureChannel accept(BytePipe pipe, Tls tls, Predicate<Fingerprint> pinned) throws IOException {
        return open(pipe, tls, false, new PinnedKeys(pinned));
    }

    private static SecureChannel open(BytePipe pipe, Tls tls, boolean dialling, PinnedKeys pins) throws IOException {
        TlsEngine engine;
        try {
            engine = tls.engine(dialling, pins);
        } catch (SSLException | RuntimeException e) {
            pipe.close();
            throw e;
        }
        Outbound outbound = new Outbound(pipe, engine.engine(), tls.buffers(), tls.keyLimitBytes());
        Inbound inbound = new Inbound(pipe, engine, tls.buffers(), outbound);
        boolean done = false;
        try {
            Fingerprint peer = Handshake.perform(engine.engine(), pins, inbound, outbound);
            done = true;
            return new SecureChannel(pipe, engine, inbound, outbound, peer);
        } catch (IOException e) {
            String refusal = pins.refusal();
            throw refusal == null ? e : new StrangerException(pipe.path(), refusal, e);
        } finally {
            if (!done) {
                close(pipe, engine, inbound, outbound);
            }
        }
    }

    /** @return the device at the other end */
    public Fingerprint peer() {
        return peer;
    }

    /** What carries it. */
    BytePipe pipe() {
        return pipe;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return inbound.read(target);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        outbound.write(source);
        inbound.answered();
    }

    /** Tells the other end that this was all, and closes. Waits like {@link #write}, for whose thread it is. */
    public void finish() throws IOException {
        try {
            outbound.finish();
        } finally {
            close();
        }
    }

    /** Without a word to the other end, which would have to take it. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            close(pipe, engine, inbound, outbound);
        }
    }

    private static void close(BytePipe pipe, TlsEngine engine, Inbound inbound, Outbound outbound) {
        pipe.close();
        inbound.close();
        outbound.close();
        engine.release().run();
    }

    @Override
    public String path() {
        return pipe.path();
    }

    @Override
    public String toString() {
        return peer.brief() + " " + pipe.path();
    }
}
