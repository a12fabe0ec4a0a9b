package bitween.model;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names a device beyond doubt: the SHA-256 of its public key (the SubjectPublicKeyInfo, RFC 5280 4.1.2.7), as 64 lower-case hex digits. People compare
 * {@link SafetyWords} instead.
 */
public record Fingerprint(String hex) implements Comparable<Fingerprint> {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern GROUP = Pattern.compile("(?<=\\G.{4})(?!$)");
    private static final int BRIEF = 8;

    public Fingerprint {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a fingerprint is 64 lower-case hex digits, not '" + hex + "'");
        }
    }

    public static Fingerprint of(byte[] sha256) {
        return new Fingerprint(HexFormat.of().formatHex(sha256));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** All of it, to be read by people: 16 groups of four digits. */
    public String groups() {
        return GROUP.matcher(hex).replaceAll(" ");
    }

    /** The first eight digits: tells devices apart in a log, proves nothing. */
    public String brief() {
        return hex.substring(0, BRIEF);
    }

    @Override
    public int compareTo(Fingerprint other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
