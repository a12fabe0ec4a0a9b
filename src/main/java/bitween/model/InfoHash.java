package bitween.model;

import java.util.HexFormat;

/** The SHA-1 of an info dictionary (BEP 3), as 40 lower-case hex digits. */
public record InfoHash(String hex) implements Comparable<InfoHash> {
    private static final int BYTES = 20;

    public InfoHash {
        if (!HexDigits.are(hex, 40)) {
            throw new IllegalArgumentException("an info-hash is 40 lower-case hex digits, not '" + hex + "'");
        }
    }

    public static InfoHash of(byte[] sha1) {
        if (sha1.length != BYTES) {
            throw new IllegalArgumentException("an info-hash has 20 bytes, not " + sha1.length);
        }
        return new InfoHash(HexFormat.of().formatHex(sha1));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(InfoHash other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
