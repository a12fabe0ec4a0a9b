package bitween.model;

import java.util.List;

/**
 * A pattern for paths: {@code *} is any signs of a name, {@code ?} one, {@code **} any folders, as an element of its
 * own. Takes time in proportion to pattern times path, whatever is in them.
 */
public record Glob(List<String> elements) {
    private static final String ANY_FOLDERS = "**";

    public Glob {
        elements = List.copyOf(elements);
    }

    public boolean matches(List<String> path) {
        int element = 0;
        int at = 0;
        int retryElement = -1;
        int retryAt = 0;
        while (at < path.size()) {
            if (element < elements.size() && elements.get(element).equals(ANY_FOLDERS)) {
                retryElement = ++element;
                retryAt = at;
                if (element == elements.size()) {
                    return true;
                }
            } else if (element < elements.size() && matchesName(elements.get(element), path.get(at))) {
                element++;
                at++;
            } else if (retryElement >= 0) {
                element = retryElement;
                at = ++retryAt;
            } else {
                return false;
            }
        }
        return element == elements.size();
    }

    private static boolean matchesName(String pattern, String name) {
        int sign = 0;
        int at = 0;
        int retrySign = -1;
        int retryAt = 0;
        while (at < name.length()) {
            if (sign < pattern.length() && pattern.charAt(sign) == '*') {
                retrySign = ++sign;
                retryAt = at;
            } else if (sign < pattern.length()
                    && (pattern.charAt(sign) == '?' || pattern.charAt(sign) == name.charAt(at))) {
                // a sign that is two chars, like an emoji, is one for the question mark
                at += pattern.charAt(sign++) == '?' ? Character.charCount(name.codePointAt(at)) : 1;
            } else if (retrySign >= 0) {
                sign = retrySign;
                at = ++retryAt;
            } else {
                return false;
            }
        }
        while (sign < pattern.length() && pattern.charAt(sign) == '*') {
            sign++;
        }
        return sign == pattern.length();
    }
}
