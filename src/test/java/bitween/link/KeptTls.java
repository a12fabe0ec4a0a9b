package bitween.link;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/** The TLS of a friend's device that a test plays: what the test leaves open is given back in the end, or netty would take it for a leak of the program's. */
final class KeptTls extends Tls implements AutoCloseable {
    private final Tls tls;
    private final Queue<Runnable> releases = new ConcurrentLinkedQueue<>();

    KeptTls(Tls tls) {
        this.tls = tls;
    }

    @Override
    public String name() {
        return tls.name();
    }

    @Override
    TlsEngine engine(boolean dialling, PinnedKeys pins) throws SSLException {
        TlsEngine made = tls.engine(dialling, pins);
        AtomicBoolean released = new AtomicBoolean();
        Runnable once = () -> {
            if (!released.getAndSet(true)) {
                made.release().run();
            }
        };
        releases.add(once);
        return new TlsEngine(made.engine(), made.failsWhenWrapping(), once);
    }

    /** Once nobody uses what it made. */
    @Override
    public void close() {
        releases.forEach(Runnable::run);
    }
}
