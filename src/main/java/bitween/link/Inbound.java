package bitween.link;

import bitween.model.BytePipe;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * The half of a secure channel that decrypts. Thread: that of the handshake, then whoever reads. It writes nothing but why the connection fails:
 * what an engine wants to answer (new keys, RFC 8446 4.6.3) goes out before the next thing that is written here. Would it write that, both ends could
 * wait for each other for good.
 */
final class Inbound {
    /** A handshake brings under 4 KiB; what comes with it may be the first that the other end has to say. */
    private static final int MAX_HANDSHAKE_BYTES = 128 << 10;
    /**
     * Records without content that the other end may send while we say nothing: with each it may ask for new keys, and some KiB are kept until we answer.
     * Our own ends never ask ({@link Tls#keyLimitBytes}); BoringSSL puts up with as many.
     */
    private static final int MAX_SILENT = 32;

    private final BytePipe pipe;
    private final TlsEngine tls;
    private final SSLEngine engine;
    private final Outbound outbound;
    private final Lease lease;
    /** From position to limit: received, not decrypted. */
    private final ByteBuffer encrypted;
    /** From position to limit: decrypted, not taken: during the handshake, or for somebody with little room. */
    private final ByteBuffer plain;

    private final AtomicInteger silent = new AtomicInteger();
    private long received;
    private boolean ended;

    Inbound(BytePipe pipe, TlsEngine tls, BufferPool pool, Outbound outbound) {
        this.pipe = pipe;
        this.tls = tls;
        engine = tls.engine();
        this.outbound = outbound;
        ByteBuffer buffer = pool.take();
        int split = buffer.capacity() - BufferPool.RECORD_BYTES;
        lease = new Lease(pool, buffer);
        encrypted = buffer.slice(0, split).limit(0);
        plain = buffer.slice(split, BufferPool.RECORD_BYTES).limit(0);
    }

    /** @return whether anything moved */
    boolean handshake() throws IOException {
        SSLEngineResult result = unwrapAside();
        return switch (result.getStatus()) {
            case OK -> Handshake.hasMoved(result);
            case BUFFER_UNDERFLOW -> {
                if (result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP) {
                    yield false; // BoringSSL finds only now that the last message was the last: nothing more will come
                }
                if (received > MAX_HANDSHAKE_BYTES) {
                    throw new SSLException("the handshake takes more than " + MAX_HANDSHAKE_BYTES + " bytes");
                }
                fill();
                yield true;
            }
            case BUFFER_OVERFLOW -> throw new SSLException("data instead of the end of the handshake");
            case CLOSED -> throw new SSLException("the other end broke off the handshake");
        };
    }

    int read(ByteBuffer target) throws IOException {
        lease.enter();
        try {
            return target.hasRemaining() ? take(target) : 0;
        } finally {
            lease.leave();
        }
    }

    private int take(ByteBuffer target) throws IOException {
        int start = target.position();
        int idle = 0;
        while (!plain.hasRemaining() && !ended) {
            boolean straight = target.remaining() >= BufferPool.RECORD_BYTES;
            boolean some = target.position() > start;
            if (some && !straight) {
                break;
            }
            SSLEngineResult result = straight ? engine.unwrap(encrypted, target) : unwrapAside();
            switch (result.getStatus()) {
                case OK -> idle = heed(result) ? 0 : Handshake.checkedIdle(idle, result);
                case BUFFER_UNDERFLOW -> {
                    if (some) {
                        return target.position() - start;
                    }
                    fill();
                }
                case BUFFER_OVERFLOW -> throw new SSLException("the other end sent a record larger than TLS allows");
                case CLOSED -> end();
            }
        }
        while (plain.hasRemaining() && target.hasRemaining()) {
            target.put(plain.get());
        }
        return target.position() > start ? target.position() - start : -1;
    }

    /** @return whether anything moved */
    private boolean heed(SSLEngineResult result) throws IOException {
        Handshake.runTasks(engine, result);
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && tls.failsWhenWrapping()) {
            outbound.lastWordsUnlessBusy();
            throw new SSLException("what came is not what the other end sent");
        }
        if (result.bytesProduced() == 0 && result.bytesConsumed() > 0 && silent.incrementAndGet() > MAX_SILENT) {
            throw new SSLException("the other end sends records without content");
        }
        return Handshake.hasMoved(result);
    }

    private void end() throws IOException {
        if (lease.isEnded()) {
            throw new AsynchronousCloseException();
        }
        ended = true;
    }

    private SSLEngineResult unwrapAside() throws SSLException {
        plain.compact();
        try {
            return engine.unwrap(encrypted, plain);
        } finally {
            plain.flip();
        }
    }

    private void fill() throws IOException {
        if (encrypted.capacity() - encrypted.limit() < BufferPool.RECORD_BYTES) {
            encrypted.compact().flip(); // only now and then, so that bytes that come one by one are not moved each time
        }
        int unread = encrypted.position();
        encrypted.position(encrypted.limit()).limit(encrypted.capacity());
        try {
            int count = pipe.read(encrypted);
            if (count < 0) {
                throw new EOFException("the other end is gone without a word");
            }
            received += count;
        } finally {
            encrypted.limit(encrypted.position()).position(unread);
        }
    }

    /** What was kept for an answer has gone out. */
    void answered() {
        silent.set(0);
    }

    /** Any thread. */
    void close() {
        lease.end();
    }
}
