package bitween.link;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Somebody's TLS that is not ours, at either end; it says for people in what it differs. It resumes what it can. */
final class HostileTls extends Tls {
    private final String difference;
    private final SSLParameters parameters;
    private final SSLContext context;
    private volatile PinnedKeys pins = new PinnedKeys(key -> false);

    private HostileTls(String difference, @Nullable KeyManager own, SSLParameters parameters) {
        this.difference = difference;
        this.parameters = parameters;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : new KeyManager[] {own}, new TrustManager[] {new Latest()}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static HostileTls without(String difference) {
        return new HostileTls(difference, null, parameters("TLSv1.3", PROTOCOL));
    }

    static HostileTls showing(String difference, OwnCertificate certificate) {
        return new HostileTls(difference, certificate, parameters("TLSv1.3", PROTOCOL));
    }

    static HostileTls speaking(String difference, DeviceKey key, String version, String... protocols) {
        return new HostileTls(difference, OwnCertificate.of(key), parameters(version, protocols));
    }

    private static SSLParameters parameters(String version, String... protocols) {
        SSLParameters parameters = new SSLParameters(null, new String[] {version});
        parameters.setApplicationProtocols(protocols);
        return parameters;
    }

    @Override
    public String name() {
        return difference;
    }

    @Override
    TlsEngine engine(boolean dialling, PinnedKeys pins) throws SSLException {
        this.pins = pins;
        SSLEngine engine = context.createSSLEngine("friend", 1); // named, so that it may resume
        engine.setUseClientMode(dialling);
        engine.setSSLParameters(parameters);
        engine.setNeedClientAuth(!dialling);
        return new TlsEngine(engine, false, () -> {});
    }

    /** The context outlives a connection, and its pins do not. */
    private final class Latest extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            pins.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            pins.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
