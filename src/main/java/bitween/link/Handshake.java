package bitween.link;

import bitween.model.Fingerprint;
import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Takes an engine through its handshake, in one thread, which also does what the engine would rather have done elsewhere. */
final class Handshake {
    /** Some turns only change what an engine wants next; it is at its end when several in a row move nothing. */
    private static final int MAX_IDLE = 8;

    private Handshake() {}

    /** @return who is there, after all that makes a handshake ours has been seen */
    static Fingerprint perform(SSLEngine engine, PinnedKeys pins, Inbound in, Outbound out) throws IOException {
        try {
            engine.beginHandshake();
            turn(engine, in, out);
        } catch (SSLException e) {
            explain(e, out);
            throw e;
        }
        String version = engine.getSession().getProtocol();
        if (!Tls.VERSION.equals(version)) {
            throw new SSLException("the other end speaks " + version);
        }
        if (!Tls.PROTOCOL.equals(engine.getApplicationProtocol())) {
            throw new SSLException("the other end speaks TLS, but not " + Tls.PROTOCOL);
        }
        Fingerprint peer = pins.peer();
        if (peer == null) {
            throw new SSLException("the other end has shown no certificate in this handshake");
        }
        return peer;
    }

    private static void turn(SSLEngine engine, Inbound in, Outbound out) throws IOException {
        int idle = 0;
        for (HandshakeStatus status = engine.getHandshakeStatus();
                status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
                status = engine.getHandshakeStatus()) {
            boolean moved = switch (status) {
                case NEED_TASK -> runTasks(engine);
                case NEED_WRAP -> out.handshake();
                default -> in.handshake();
            };
            idle = moved ? 0 : checkedIdle(idle, status);
        }
    }

    private static void explain(SSLException failure, Outbound out) {
        try {
            out.lastWords();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    static void runTasks(SSLEngine engine, SSLEngineResult after) {
        if (after.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            runTasks(engine);
        }
    }

    /** @return whether there were any */
    private static boolean runTasks(SSLEngine engine) {
        boolean some = false;
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
            some = true;
        }
        return some;
    }

    static boolean hasMoved(SSLEngineResult result) {
        return result.bytesConsumed() > 0 || result.bytesProduced() > 0;
    }

    /** @return one more than {@code idle}; there is an end to it, as a loop that goes nowhere would not even notice that the pipe is closed */
    static int checkedIdle(int idle, SSLEngineResult result) throws SSLException {
        return checkedIdle(idle, result.getHandshakeStatus());
    }

    private static int checkedIdle(int idle, HandshakeStatus status) throws SSLException {
        if (idle >= MAX_IDLE) {
            throw new SSLException("the TLS engine does not go on from " + status);
        }
        return idle + 1;
    }
}
