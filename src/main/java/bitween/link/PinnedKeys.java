package bitween.link;

import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import bitween.model.Fingerprint;
import java.net.Socket;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides in one handshake whether the other end may go on: it shows exactly one certificate, of a key on P-256 whose fingerprint is pinned. All else in a
 * certificate means nothing here: names, issuer, purpose, and the dates, as a clock that is wrong must not part friends. Thread: that of the handshake.
 */
final class PinnedKeys extends X509ExtendedTrustManager {
    private final Predicate<Fingerprint> pinned;
    private @Nullable Fingerprint peer;
    private @Nullable String refusal;

    PinnedKeys(Predicate<Fingerprint> pinned) {
        this.pinned = pinned;
    }

    /** @return who was let in; null when nobody was, or nobody has shown a certificate */
    @Nullable
    Fingerprint peer() {
        return peer;
    }

    /** @return why somebody was not let in; null when nobody was turned away */
    @Nullable
    String refusal() {
        return refusal;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        peer = null;
        if (chain.length != 1) {
            throw refused("it shows " + chain.length + " certificates; a device has one");
        }
        Fingerprint shown = fingerprintOf(chain[0].getPublicKey());
        if (!pinned.test(shown)) {
            throw refused("its key " + shown.brief() + " is not pinned for this connection");
        }
        peer = shown;
    }

    private Fingerprint fingerprintOf(PublicKey key) throws CertificateException {
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            throw refused("its key has no encoding");
        }
        try {
            return new DevicePublicKey(Bytes.of(encoded)).fingerprint();
        } catch (IllegalArgumentException e) {
            throw refused("its key is " + key.getAlgorithm() + ", and no device's: " + e.getMessage());
        }
    }

    private CertificateException refused(String reason) {
        refusal = reason;
        return new CertificateException(reason);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    /** None: then the other end shows what it has. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
