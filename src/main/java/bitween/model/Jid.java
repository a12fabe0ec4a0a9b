package bitween.model;

import java.util.Locale;

/** A person's bare address on XMPP, {@code local@domain} (RFC 7622), in lower case. */
public record Jid(String value) implements Comparable<Jid> {
    /** RFC 7622: each part has at most 1,023 bytes. */
    private static final int MAX_LENGTH = 2_047;

    public Jid {
        value = value.toLowerCase(Locale.ROOT);
        if (value.length() > MAX_LENGTH || !value.matches("[^\\s@/\"&'<>:\\p{Cntrl}]+@[^\\s@/\"&'<>\\p{Cntrl}]+")) {
            throw new IllegalArgumentException("an XMPP address looks like name@example.org, not '" + value + "'");
        }
    }

    public String domain() {
        return value.substring(value.indexOf('@') + 1);
    }

    public String local() {
        return value.substring(0, value.indexOf('@'));
    }

    @Override
    public int compareTo(Jid other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
