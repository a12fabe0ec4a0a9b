package bitween.model;

import java.util.Locale;

/** A server has shown a certificate that nobody vouches for; whoever compares it with what its operator says can trust it all the same. */
public final class UntrustedCertificate extends UserException {
    private final String sha256;

    /** @param sha256 of the certificate, 64 hex digits in lower case */
    public UntrustedCertificate(String sentence, String hint, String sha256, Throwable cause) {
        super(ErrorCode.XMPP_CERTIFICATE, sentence, hint, cause);
        this.sha256 = sha256;
    }

    public String sha256() {
        return sha256;
    }

    /** As openssl and web browsers show it: {@code AB:CD:…}. */
    public String fingerprint() {
        return sha256.toUpperCase(Locale.ROOT).replaceAll("..(?!$)", "$0:");
    }
}
