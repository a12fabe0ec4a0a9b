package bitween.model;

import java.util.HexFormat;

/**
 * What everybody may know of a device's key: a point on P-256 as SubjectPublicKeyInfo (RFC 5480), in the one encoding that Java writes, so that a key has
 * one fingerprint. Whether the point is on the curve shows when the key is used.
 *
 * @param spki 91 bytes
 */
public record DevicePublicKey(Bytes spki) {
    public static final int SIZE_BYTES = 91;
    /** id-ecPublicKey, secp256r1, and 65 bytes of an uncompressed point. */
    private static final Bytes PREFIX =
            Bytes.of(HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"));

    public DevicePublicKey {
        if (spki.size() != SIZE_BYTES || !spki.slice(0, PREFIX.size()).equals(PREFIX)) {
            throw new IllegalArgumentException("a device's key is an uncompressed point on P-256 in " + SIZE_BYTES
                    + " bytes, not these " + spki.size());
        }
    }

    public Fingerprint fingerprint() {
        return Fingerprint.of(Sha256.of(spki.toArray()));
    }
}
