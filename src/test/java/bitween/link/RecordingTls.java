package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ReferenceCounted;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Keeps the engines that it makes, so that a test can see what became of them. */
final class RecordingTls extends Tls {
    private final Tls tls;
    private final long keyLimitBytes;
    private final List<TlsEngine> engines = new CopyOnWriteArrayList<>();
    private final List<TlsEngine> released = new CopyOnWriteArrayList<>();

    RecordingTls(Tls tls) {
        this(tls, tls.keyLimitBytes());
    }

    RecordingTls(Tls tls, long keyLimitBytes) {
        this.tls = tls;
        this.keyLimitBytes = keyLimitBytes;
    }

    @Override
    long keyLimitBytes() {
        return keyLimitBytes;
    }

    @Override
    public String name() {
        return tls.name();
    }

    @Override
    TlsEngine engine(boolean dialling, PinnedKeys pins) throws SSLException {
        TlsEngine engine = tls.engine(dialling, pins);
        engines.add(engine);
        return new TlsEngine(engine.engine(), engine.failsWhenWrapping(), () -> {
            engine.release().run();
            released.add(engine);
        });
    }

    SSLEngine lastEngine() {
        return engines.get(engines.size() - 1).engine();
    }

    /** What each connection had outside of the heap is given back: its engine, once, and both of its buffers. */
    void assertAllGivenBack() {
        assertThat(engines).isNotEmpty();
        assertThat(released).containsExactlyInAnyOrderElementsOf(engines);
        assertThat(engines).allSatisfy(engine -> {
            if (engine.engine() instanceof ReferenceCounted counted) {
                assertThat(counted.refCnt()).isZero();
            }
        });
    }
}
