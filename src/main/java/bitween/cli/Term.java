package bitween.cli;

import java.util.function.IntPredicate;

/** Makes foreign text harmless for a terminal, and measures it. Pure. */
public final class Term {
    private static final char REPLACEMENT = '\uFFFD';

    private Term() {}

    /**
     * Replaces what moves the cursor, changes colours or titles, reverses the direction of text, or is invisible: control and format characters (Cc,
     * Cf: bidi overrides too), line and paragraph separators, private use, unassigned, lone surrogates. Joiners within emoji go too: a family becomes
     * its members.
     */
    public static String safe(String text) {
        return isPlain(text) || text.codePoints().allMatch(Term::isSafe) ? text : replaced(text, Term::isSafe);
    }

    /** Most texts are, and it is seen in a hundredth of the time: a list of thousands has a million characters. */
    private static boolean isPlain(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) < ' ' || text.charAt(at) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String replaced(String text, IntPredicate keep) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().map(c -> keep.test(c) ? c : REPLACEMENT).forEach(out::appendCodePoint);
        return out.toString();
    }

    /** As {@link #safe}, for a line of JSON: the content stays, as escapes. Outside of strings JSON has no such characters. */
    public static String safeJson(String json) {
        if (isPlain(json)) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (isSafe(c)) {
                out.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    out.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return out.toString();
    }

    private static boolean isSafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /** How many columns {@code text} takes, nearly: terminals disagree about emoji. */
    public static int width(String text) {
        return isPlain(text)
                ? text.length()
                : text.codePoints().map(Term::width).sum();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115F) // Hangul Jamo
                || (c >= 0x2E80 && c <= 0xA4CF) // CJK
                || (c >= 0xAC00 && c <= 0xD7A3) // Hangul
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0x1F300 && c <= 0x1F64F) // emoji
                || (c >= 0x1F680 && c <= 0x1F6FF)
                || (c >= 0x1F900 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
        return wide ? 2 : 1;
    }

    /** The beginning of {@code text} that fits {@code columns}. */
    static String fitted(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int c : text.codePoints().toArray()) {
            used += width(c);
            if (used > columns - 1) {
                break;
            }
            out.appendCodePoint(c);
        }
        return out.append('…').toString();
    }
}
