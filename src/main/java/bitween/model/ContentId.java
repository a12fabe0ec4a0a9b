package bitween.model;

import java.util.HexFormat;

/**
 * Names content whoever shares it: the SHA-256 of piece length, ordered file sizes and {@code pieces}, as 64 lower-case hex digits. Two people who
 * share the same files have different salts and so different info-hashes, but the same content id.
 */
public record ContentId(String hex) {
    public ContentId {
        if (!HexDigits.are(hex, 64)) {
            throw new IllegalArgumentException("a content id is 64 lower-case hex digits, not '" + hex + "'");
        }
    }

    public static ContentId of(byte[] sha256) {
        return new ContentId(HexFormat.of().formatHex(sha256));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
