package bitween.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line of a shell as far as it is typed, cut into words as POSIX shells do it: {@code '…'}, {@code "…"} and {@code \} quote. The last
 * word is the one that is being typed. Variables and patterns stay as they are written. Pure.
 *
 * @param words without their quotes, of the last command of the line; at least one, the last
 * @param quote which is still open at the end: ' or "; else 0
 */
record ShellLine(List<String> words, char quote) {
    /** What a shell reads otherwise than it is written, outside of quotes. */
    private static final String SPECIAL = " \t\"'`\\$&|;<>(){}[]*?!#~^";

    ShellLine {
        words = List.copyOf(words);
    }

    static ShellLine of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char sign = line.charAt(i);
            if (quote == '\'') {
                quote = sign == quote ? 0 : quote;
                add(word, sign, sign != '\'');
            } else if (sign == '\\' && i + 1 < line.length()) {
                char next = line.charAt(++i);
                add(word, '\\', quote == '"' && "$`\"\\".indexOf(next) < 0);
                word.append(next);
            } else if (quote == '"') {
                quote = sign == quote ? 0 : quote;
                add(word, sign, sign != '"');
            } else if (sign == '"' || sign == '\'') {
                quote = sign;
            } else if (" \t|&;(\n".indexOf(sign) < 0) {
                word.append(sign);
            } else {
                finish(words, word);
                if (" \t".indexOf(sign) < 0) {
                    words.clear(); // another command begins
                }
            }
        }
        words.add(word.toString());
        return new ShellLine(words, quote);
    }

    private static void add(StringBuilder word, char sign, boolean belongs) {
        if (belongs) {
            word.append(sign);
        }
    }

    private static void finish(List<String> words, StringBuilder word) {
        if (word.length() > 0) { // '' as an argument is none that anything here takes
            words.add(word.toString());
            word.setLength(0);
        }
    }

    String last() {
        return words.get(words.size() - 1);
    }

    /** {@code text} as it has to be written where the line ends, so that the shell reads it as it is. */
    String quoted(String text) {
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (quote == '\'' && sign == '\'') {
                written.append("'\\'");
            } else if ((quote == '"' && "$`\"\\".indexOf(sign) >= 0) || (quote == 0 && isSpecial(text, i))) {
                written.append('\\');
            }
            written.append(sign);
        }
        return written.toString();
    }

    /** # and ~ are special at the beginning of a word alone. */
    private boolean isSpecial(String text, int at) {
        char sign = text.charAt(at);
        return SPECIAL.indexOf(sign) >= 0 && ((at == 0 && last().isEmpty()) || "#~".indexOf(sign) < 0);
    }
}
