package bitween.torrent.format;

import bitween.model.Sha256;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two digests of a share, of which every JDK has a fast one. */
final class Digests {
    static final int SHA256_BYTES = 32;

    private Digests() {}

    /** For pieces and info-hashes (BEP 3). */
    static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** For whole files and content ids. */
    static MessageDigest sha256() {
        return Sha256.begun();
    }
}
