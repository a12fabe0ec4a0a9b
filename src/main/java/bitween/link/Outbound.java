package bitween.link;

import bitween.model.BytePipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** The half of a secure channel that encrypts. Thread: that of the handshake, then whoever writes. */
final class Outbound {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** An alert and a close_notify are one record each; an engine that wants more is not waited for. */
    private static final int MAX_LAST_WORDS = 4;

    private final BytePipe pipe;
    private final SSLEngine engine;
    private final Lease lease;
    private final ByteBuffer encrypted;
    private long left;

    Outbound(BytePipe pipe, SSLEngine engine, BufferPool pool, long keyLimitBytes) {
        this.pipe = pipe;
        this.engine = engine;
        left = keyLimitBytes;
        encrypted = pool.take();
        lease = new Lease(pool, encrypted);
    }

    /** @return whether anything moved */
    boolean handshake() throws IOException {
        SSLEngineResult result = wrapNothing();
        if (result.getStatus() == Status.CLOSED && result.bytesProduced() == 0) {
            throw new SSLException("the handshake was broken off");
        }
        send();
        return Handshake.hasMoved(result);
    }

    void write(ByteBuffer source) throws IOException {
        lease.enter();
        try {
            left -= source.remaining();
            if (left < 0) {
                throw new IOException(
                        "this connection has carried what its keys are good for, and has to be dialled again");
            }
            while (source.hasRemaining()) {
                wrap(source);
                send();
            }
        } finally {
            lease.leave();
        }
    }

    private void wrap(ByteBuffer source) throws IOException {
        encrypted.clear();
        int idle = 0;
        while (source.hasRemaining() && encrypted.remaining() >= BufferPool.RECORD_BYTES) {
            SSLEngineResult result = engine.wrap(source, encrypted);
            switch (result.getStatus()) {
                case OK -> {
                    Handshake.runTasks(engine, result);
                    idle = Handshake.hasMoved(result) ? 0 : Handshake.checkedIdle(idle, result);
                }
                case BUFFER_OVERFLOW -> { // the JDK wants more room once it has seen an overlong record
                    if (encrypted.position() == 0) {
                        throw new SSLException("the TLS engine wants to write a record larger than TLS allows");
                    }
                    return;
                }
                case CLOSED -> throw new ClosedChannelException();
                case BUFFER_UNDERFLOW -> throw new IllegalStateException("no engine wants more to encrypt");
            }
        }
    }

    /** Tells the other end that nothing more comes. */
    void finish() throws IOException {
        lease.enter();
        try {
            engine.closeOutbound();
            lastWords();
        } finally {
            lease.leave();
        }
    }

    /** As {@link #lastWords}, unless somebody writes: then that thread gets to hear of the failure. */
    void lastWordsUnlessBusy() throws IOException {
        if (lease.enterIfEmpty()) {
            try {
                lastWords();
            } finally {
                lease.leave();
            }
        }
    }

    /** Sends what the engine has to say about a failure or the end. */
    void lastWords() throws IOException {
        for (int count = 0; count < MAX_LAST_WORDS && !engine.isOutboundDone(); count++) {
            if (wrapNothing().bytesProduced() == 0) {
                return;
            }
            send();
        }
    }

    private SSLEngineResult wrapNothing() throws SSLException {
        encrypted.clear();
        return engine.wrap(NOTHING.duplicate(), encrypted);
    }

    private void send() throws IOException {
        encrypted.flip();
        if (encrypted.hasRemaining()) {
            pipe.write(encrypted);
        }
    }

    /** Any thread. */
    void close() {
        lease.end();
    }
}
