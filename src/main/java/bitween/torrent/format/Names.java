package bitween.torrent.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which names files and folders of a share may have. What passes, libtorrent 2.0.6 on Linux takes over byte by byte
 * (sanitize_append_path_element in its torrent_info.cpp), no terminal is fooled by, and no path leaves the share with.
 */
public final class Names {
    /** From 240 bytes on libtorrent cuts a name, but for its extension. */
    public static final int MAX_ELEMENT_BYTES = 240;

    /** Linux takes 4,096 for a path; the rest is for the folder that a friend puts the share into. */
    public static final int MAX_PATH_BYTES = 4_000;

    /** Deeper than any tree of source code or photos that was seen (under 30). */
    public static final int MAX_DEPTH = 64;

    /** libtorrent takes a file with this in its path for padding, and never writes it (BitComet's habit). */
    private static final String PADDING = "_____padding_file_";

    /** What stands in a Java string for bytes that it could not decode. */
    private static final int REPLACEMENT = 0xfffd;

    private Names() {}

    /**
     * Why a file or folder of a share cannot have this name.
     *
     * @return the end of a sentence that begins with the name: "is longer than …"
     */
    public static Optional<String> refusal(String element) {
        if (element.isEmpty() || element.equals(".") || element.equals("..")) {
            return Optional.of("is no name");
        }
        for (int i = 0; i < element.length(); i += Character.charCount(element.codePointAt(i))) {
            Optional<String> refusal = refusal(element.codePointAt(i));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (element.contains(PADDING)) {
            return Optional.of("is how BitTorrent names padding");
        }
        int bytes = utf8Length(element);
        return bytes > MAX_ELEMENT_BYTES
                ? Optional.of("is " + bytes + " bytes long, " + MAX_ELEMENT_BYTES + " are possible")
                : Optional.empty();
    }

    /**
     * Why no file or folder can be at this path, whose elements are good names.
     *
     * @param share the name of the share, which begins the path
     * @return the end of a sentence that begins with the path
     */
    public static Optional<String> pathRefusal(String share, List<String> path) {
        if (path.isEmpty() || path.size() > MAX_DEPTH) {
            return Optional.of("is " + path.size() + " levels deep, 1 to " + MAX_DEPTH + " are possible");
        }
        int bytes = utf8Length(share);
        for (String element : path) {
            bytes += 1 + utf8Length(element);
        }
        return bytes > MAX_PATH_BYTES
                ? Optional.of("makes a path of " + bytes + " bytes, " + MAX_PATH_BYTES + " are possible")
                : Optional.empty();
    }

    /**
     * How libtorrent compares names when it looks for duplicates: without regard to the case of a to z, and of nothing
     * else.
     */
    public static String folded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return foldedFrom(text, i);
            }
        }
        return text;
    }

    /** In quotation marks, with what a terminal or reader would stumble over as \\u003f. */
    public static String quoted(String element) {
        StringBuilder text = new StringBuilder("'");
        element.codePoints().forEach(c -> {
            if (isUnsafe(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.append('\'').toString();
    }

    /** The elements with slashes between, {@link #quoted}. */
    public static String quoted(List<String> path) {
        return quoted(String.join("/", path));
    }

    /** How many bytes {@code text} has in UTF-8. */
    static int utf8Length(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return text.getBytes(UTF_8).length;
            }
        }
        return text.length();
    }

    private static Optional<String> refusal(int c) {
        if (c == REPLACEMENT || isSurrogate(c)) {
            return Optional.of("is not valid UTF-8");
        }
        if (c == '/' || c == '\\') {
            return Optional.of("has a " + (c == '/' ? "slash" : "backslash"));
        }
        if (isControl(c)) {
            return Optional.of(String.format(Locale.ROOT, "has the control character U+%04X", c));
        }
        if (isBidi(c)) {
            return Optional.of(String.format(Locale.ROOT, "has U+%04X, which turns the direction of text around", c));
        }
        return Optional.empty();
    }

    private static boolean isUnsafe(int c) {
        return isControl(c) || isBidi(c) || isSurrogate(c);
    }

    private static boolean isControl(int c) {
        return c < 0x20 || (c >= 0x7f && c <= 0x9f);
    }

    private static boolean isBidi(int c) {
        return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x61c;
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static String foldedFrom(String text, int first) {
        char[] folded = text.toCharArray();
        for (int i = first; i < folded.length; i++) {
            if (folded[i] >= 'A' && folded[i] <= 'Z') {
                folded[i] = (char) (folded[i] + ('a' - 'A'));
            }
        }
        return new String(folded);
    }
}
