package bitween.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Help;

/** What stands below the options in the help: prose in lines that fit, examples that can be copied. picocli would break both in the middle of a word. Pure. */
final class HelpFooter {
    private static final int WIDTH = 80;
    /** An example, and after a gap what it does. */
    private static final Pattern EXPLAINED = Pattern.compile("(  \\S.*?\\S) {2,}(\\S.*)");

    private static final String BELOW = "      ";

    private HelpFooter() {}

    static String of(Help help) {
        return String.join("\n", lines(List.of(help.commandSpec().usageMessage().footer()))) + "\n";
    }

    /** @param footer examples are indented; a sentence may go on in the next line, and ends with a full stop or a colon where the next one is to begin anew */
    static List<String> lines(List<String> footer) {
        List<String> lines = new ArrayList<>();
        StringBuilder prose = new StringBuilder();
        for (String line : footer) {
            boolean isProse = !line.isEmpty() && !line.startsWith(" ");
            if (isProse) {
                prose.append(prose.isEmpty() ? "" : " ").append(line);
            }
            if (!isProse || line.endsWith(".") || line.endsWith(":")) {
                lines.addAll(wrapped(prose.toString(), ""));
                prose.setLength(0);
            }
            if (!isProse) {
                lines.addAll(example(line));
            }
        }
        lines.addAll(wrapped(prose.toString(), ""));
        return lines;
    }

    /** The command in one line, however long that is. */
    private static List<String> example(String line) {
        Matcher explained = EXPLAINED.matcher(line);
        if (line.length() <= WIDTH || !explained.matches()) {
            return List.of(line);
        }
        List<String> lines = new ArrayList<>(List.of(explained.group(1)));
        lines.addAll(wrapped(explained.group(2), BELOW));
        return lines;
    }

    private static List<String> wrapped(String text, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.isEmpty() ? new String[0] : text.split(" +")) {
            boolean isFirst = line.length() == indent.length();
            if (!isFirst && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                isFirst = true;
            }
            line.append(isFirst ? "" : " ").append(word);
        }
        if (line.length() > indent.length()) {
            lines.add(line.toString());
        }
        return lines;
    }
}
