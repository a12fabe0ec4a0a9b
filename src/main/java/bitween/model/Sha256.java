package bitween.model;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every JDK has. */
public final class Sha256 {
    private static final int BLOCK_BYTES = 1 << 16;

    private Sha256() {}

    /** To be fed part by part. */
    public static MessageDigest begun() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** @return the hash of the parts, one after the other */
    public static byte[] of(byte[]... parts) {
        MessageDigest digest = begun();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** @return the hash of all that is still to be read */
    public static byte[] of(InputStream content) throws IOException {
        MessageDigest digest = begun();
        byte[] block = new byte[BLOCK_BYTES];
        for (int count = content.read(block); count >= 0; count = content.read(block)) {
            digest.update(block, 0, count);
        }
        return digest.digest();
    }
}
