package bitween.model;

/** What hashes are written in. A pattern would be compiled for each of them, and a start reads thousands. */
final class HexDigits {
    private HexDigits() {}

    /** @return whether {@code text} is {@code count} lower-case hex digits */
    static boolean are(String text, int count) {
        if (text.length() != count) {
            return false;
        }
        for (int at = 0; at < count; at++) {
            char digit = text.charAt(at);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }
}
