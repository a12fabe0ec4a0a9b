package bitween.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A manual page in the making, in the language of man(7). Text is written as it is meant: everything that roff would read otherwise is escaped. */
final class Roff {
    private static final Pattern LONG = Pattern.compile("\\w{60,}");

    private final StringBuilder page = new StringBuilder();

    /** @param section such as 1, commands, or 5, files */
    Roff(String name, int section, String source) {
        macro("TH", name.toUpperCase(Locale.ROOT), Integer.toString(section), "", source, "bitween");
        line(".nh"); // names are not hyphenated
        line(".ad l");
    }

    Roff section(String title) {
        return macro("SH", title);
    }

    Roff paragraph(String text) {
        line(".PP");
        return text(text);
    }

    Roff text(String text) {
        line(start(breakable(escaped(text))));
        return this;
    }

    /** Hashes are longer than a line beside a margin. */
    private static String breakable(String escaped) {
        return LONG.matcher(escaped)
                .replaceAll(word -> Matcher.quoteReplacement(word.group().replaceAll("(\\w{32})(?=\\w)", "$1\\\\:")));
    }

    /** A term, and below it what it means. */
    Roff entry(String term, String text) {
        line(".TP");
        line("\\fB" + escaped(term) + "\\fR");
        return text(text);
    }

    /** Another paragraph about the last term. */
    Roff more(String text) {
        line(".IP");
        return text(text);
    }

    /** Lines as they stand, such as what somebody types. */
    Roff verbatim(Iterable<String> lines) {
        line(".PP");
        line(".RS 4");
        line(".nf");
        lines.forEach(each -> line(start(escaped(each))));
        line(".fi");
        line(".RE");
        return this;
    }

    private Roff macro(String name, String... arguments) {
        StringBuilder line = new StringBuilder(".").append(name);
        for (String argument : arguments) {
            line.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
        }
        line(line.toString());
        return this;
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /** A line that begins with a dot or an apostrophe would be a command. */
    private static String start(String escaped) {
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }

    /** ASCII only, whatever the page is read with. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(sign -> {
            switch (sign) {
                case '\\' -> out.append("\\(rs");
                case '-' -> out.append("\\-");
                case '\'' -> out.append("\\(aq");
                case '`' -> out.append("\\(ga");
                case '^' -> out.append("\\(ha");
                case '~' -> out.append("\\(ti");
                default -> {
                    if (sign < 0x80) {
                        out.append((char) sign);
                    } else {
                        out.append(String.format("\\[u%04X]", sign));
                    }
                }
            }
        });
        return out.toString();
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
