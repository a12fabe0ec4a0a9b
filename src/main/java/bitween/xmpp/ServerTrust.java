package bitween.xmpp;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.Sha256;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Which certificate our server may show. That it names the server's domain is checked elsewhere, and always. */
final class ServerTrust implements X509TrustManager {
    /** Null when only the pin counts. */
    private final @Nullable X509TrustManager authorities;

    private final @Nullable String pin;

    private ServerTrust(@Nullable X509TrustManager authorities, @Nullable String pin) {
        this.authorities = authorities;
        this.pin = pin;
    }

    /** @throws UserException BAD_CONFIG when the file of certificates cannot be used */
    static ServerTrust of(Config.Xmpp config) {
        Path file = config.caFile();
        String pin = config.certificateSha256();
        try {
            boolean pinOnly = pin != null && file == null;
            return new ServerTrust(
                    pinOnly ? null : authorities(file == null ? null : readPem(file)),
                    pin == null ? null : pin.toLowerCase(Locale.ROOT));
        } catch (IOException | GeneralSecurityException e) {
            throw new UserException(
                    ErrorCode.BAD_CONFIG,
                    "cannot read the certificates in " + file + ": " + e.getMessage(),
                    "the file must hold certificates in PEM form",
                    e);
        }
    }

    private static KeyStore readPem(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
        }
        if (store.size() == 0) {
            throw new CertificateException("no certificate in it");
        }
        return store;
    }

    /** @param store null for the system's */
    private static X509TrustManager authorities(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                return trust;
            }
        }
        throw new CertificateException("this Java has no X.509 trust manager");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        String shown = sha256(chain[0]);
        if (pin != null && !pin.equals(shown)) {
            throw new Untrusted(shown, "is not the one that the configuration names", null);
        }
        if (authorities != null) {
            try {
                authorities.checkServerTrusted(chain, authType);
            } catch (CertificateException e) {
                throw new Untrusted(shown, "was not signed by an authority that is trusted, or is not valid now", e);
            }
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("nobody logs in here with a certificate");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
    }

    private static String sha256(X509Certificate certificate) throws CertificateException {
        return HexFormat.of().formatHex(Sha256.of(certificate.getEncoded()));
    }

    /** The server's certificate is not to be trusted; {@link #sha256} names it, so that a user can compare and pin it. */
    static final class Untrusted extends CertificateException {
        private final String sha256;
        private final String why;

        private Untrusted(String sha256, String why, @Nullable Throwable cause) {
            super("the server's certificate " + sha256 + " " + why, cause);
            this.sha256 = sha256;
            this.why = why;
        }

        String sha256() {
            return sha256;
        }

        String why() {
            return why;
        }
    }
}
