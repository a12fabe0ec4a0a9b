package bitween.torrent.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two digests of a share, of which every JDK has a fast one. */
final class Digests {
    static final int SHA256_BYTES = 32;

    private Digests() {}

    /** For pieces and info-hashes (BEP 3). */
    static MessageDigest sha1() {
        return digest("SHA-1");
    }

    /** For whole files and content ids. */
    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }
}
