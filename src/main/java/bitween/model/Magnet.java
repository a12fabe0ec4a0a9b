package bitween.model;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A magnet link (BEP 9): an info-hash, and the name that its maker gave. Trackers, peers and web seeds in it are ignored: peers come from the roster.
 *
 * @param name null when the link has none
 */
public record Magnet(InfoHash hash, @Nullable String name) {
    private static final String SCHEME = "magnet:?";
    private static final String TOPIC = "urn:btih:";
    /** Longer links than any client makes; a limit for what is pasted. */
    private static final int MAX_LENGTH = 8_192;

    /**
     * @param text a magnet link, or a bare info-hash as 40 hex digits or 32 base32 ones
     * @throws IllegalArgumentException with a sentence for people
     */
    public static Magnet parse(String text) {
        String trimmed = text.trim();
        if (trimmed.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a magnet link has at most " + MAX_LENGTH + " characters, this one has " + trimmed.length());
        }
        return trimmed.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? parseLink(trimmed)
                : new Magnet(parseHash(trimmed), null);
    }

    /** Whether {@code text} is meant as a hash or magnet link, well-formed or not, rather than as a name. */
    public static boolean looksLike(String text) {
        return text.regionMatches(true, 0, "magnet:", 0, 7)
                || text.matches("[0-9a-fA-F]{32,}")
                || text.matches("[a-zA-Z2-7]{32}");
    }

    private static Magnet parseLink(String text) {
        InfoHash hash = null;
        String name = null;
        for (String part : text.substring(SCHEME.length()).split("&")) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String key = part.substring(0, equals).toLowerCase(Locale.ROOT);
            String value = decoded(part.substring(equals + 1));
            if (key.matches("xt(\\.[0-9]+)?") && value.regionMatches(true, 0, TOPIC, 0, TOPIC.length())) {
                hash = parseHash(value.substring(TOPIC.length()));
            } else if (key.equals("dn") && !value.isBlank()) {
                name = value;
            }
        }
        if (hash == null) {
            throw new IllegalArgumentException("the magnet link has no v1 info-hash (xt=urn:btih:...): '" + text + "'");
        }
        return new Magnet(hash, name);
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the magnet link has a broken %-escape in '" + value + "'", e);
        }
    }

    private static InfoHash parseHash(String text) {
        if (text.matches("[0-9a-fA-F]{40}")) {
            return new InfoHash(text.toLowerCase(Locale.ROOT));
        }
        if (text.matches("[a-zA-Z2-7]{32}")) {
            return InfoHash.of(base32(text.toUpperCase(Locale.ROOT)));
        }
        throw new IllegalArgumentException("an info-hash is 40 hex digits (or 32 base32 ones), not '" + text + "'");
    }

    /** RFC 4648, 32 digits without padding. */
    private static byte[] base32(String digits) {
        byte[] bytes = new byte[20];
        long buffer = 0;
        int bits = 0;
        int next = 0;
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            buffer = buffer << 5 | (digit >= 'A' ? digit - 'A' : digit - '2' + 26);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[next++] = (byte) (buffer >> bits);
            }
        }
        return bytes;
    }

    @Override
    public String toString() {
        String link = SCHEME + "xt=" + TOPIC + hash;
        return name == null
                ? link
                : link + "&dn="
                        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
