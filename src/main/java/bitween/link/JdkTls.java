package bitween.link;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

/** TLS by the JDK itself. */
final class JdkTls extends Tls {
    /** ChaCha20 last: JDK 17 does it at a quarter of the speed of GCM. */
    private static final String[] CIPHERS = {
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
    };
    /** Above the seven days that a ticket may live (RFC 8446 4.6.1): the JDK then neither makes nor takes any. */
    private static final int NO_TICKETS_SECONDS = 8 * 24 * 60 * 60;

    private final KeyManager[] own;

    JdkTls(DeviceKey device) {
        own = new KeyManager[] {OwnCertificate.of(device)};
    }

    @Override
    public String name() {
        return "JDK " + Runtime.version().feature();
    }

    @Override
    TlsEngine engine(boolean dialling, PinnedKeys pins) throws SSLException {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(own, new TrustManager[] {pins}, null);
            for (SSLSessionContext sessions :
                    List.of(context.getClientSessionContext(), context.getServerSessionContext())) {
                sessions.setSessionTimeout(NO_TICKETS_SECONDS);
                sessions.setSessionCacheSize(1);
            }
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(dialling);
            SSLParameters parameters = new SSLParameters(CIPHERS, new String[] {VERSION});
            parameters.setApplicationProtocols(new String[] {PROTOCOL});
            parameters.setEndpointIdentificationAlgorithm(null);
            parameters.setNeedClientAuth(!dialling);
            engine.setSSLParameters(parameters);
            return new TlsEngine(engine, false, () -> {});
        } catch (GeneralSecurityException e) {
            throw new SSLException("this JDK has no " + VERSION, e);
        }
    }
}
