package bitween.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets a key in a bitween.toml, that a person has written, or takes it out: line by line, as a person would do it, so that comments, order and blanks stay. It does not know
 * all of TOML; whoever calls it compares what the file says before and after.
 */
final class ConfigEdit {
    private ConfigEdit() {}

    /** @param literal as TOML writes the value */
    static String set(String text, String key, String literal) {
        String section = key.substring(0, key.indexOf('.'));
        String name = key.substring(key.indexOf('.') + 1);
        List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)", -1)));
        String end = text.contains("\r\n") ? "\r\n" : "\n";
        int header = find(lines, 0, lines.size(), header(section));
        if (header < 0) {
            String gap = text.isEmpty() || text.endsWith("\n") ? "" : end;
            return text + gap + end + "[" + section + "]" + end + name + " = " + literal + end;
        }
        int next = find(lines, header + 1, lines.size(), Pattern.compile("\\s*\\[.*\\R?"));
        int last = next < 0 ? lines.size() : next;
        Pattern set = Pattern.compile("(\\s*" + name + "\\s*=\\s*)(?:\\[[^]#]*]|\"[^\"\\\\]*\"|[\\w.+-]+)(.*\\R?)");
        int line = find(lines, header + 1, last, set);
        if (line >= 0) {
            Matcher parts = set.matcher(lines.get(line));
            lines.set(line, parts.replaceFirst("$1" + Matcher.quoteReplacement(literal) + "$2"));
            return String.join("", lines);
        }
        int sample = find(lines, header + 1, last, Pattern.compile("# *" + name + " = .*\\R?"));
        String written = name + " = " + literal + end;
        if (sample >= 0) {
            lines.set(sample, written);
        } else {
            if (!lines.get(header).endsWith("\n")) {
                lines.set(header, lines.get(header) + end);
            }
            lines.add(header + 1, written);
        }
        return String.join("", lines);
    }

    /** Takes a key out; in its place stands what the sample has there. */
    static String unset(String text, String key) {
        String section = key.substring(0, key.indexOf('.'));
        String name = key.substring(key.indexOf('.') + 1);
        List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)", -1)));
        String end = text.contains("\r\n") ? "\r\n" : "\n";
        int header = find(lines, 0, lines.size(), header(section));
        if (header < 0) {
            return text;
        }
        int next = find(lines, header + 1, lines.size(), Pattern.compile("\\s*\\[.*\\R?"));
        int line =
                find(lines, header + 1, next < 0 ? lines.size() : next, Pattern.compile("\\s*" + name + "\\s*=.*\\R?"));
        if (line >= 0) {
            lines.set(line, ConfigTemplate.line(key) + end);
        }
        return String.join("", lines);
    }

    private static Pattern header(String section) {
        return Pattern.compile("\\s*\\[\\s*" + section + "\\s*]\\s*(#.*)?\\R?");
    }

    /** @return -1 when there is none */
    private static int find(List<String> lines, int from, int to, Pattern pattern) {
        for (int i = from; i < to; i++) {
            if (pattern.matcher(lines.get(i)).matches()) {
                return i;
            }
        }
        return -1;
    }
}
