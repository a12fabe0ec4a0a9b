package bitween.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands with what they print, as a text for people shows them; and what of both is the same wherever and whenever they are run. Pure. */
public final class Transcripts {
    private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{40,64}\\b");
    private static final Pattern DEVICE_ID = Pattern.compile("([0-9a-f]{4} ){15}[0-9a-f]{4}");
    private static final Pattern ADDRESS = Pattern.compile("@[a-z]+\\.(org|net|test)\\b");
    private static final Pattern SAFETY_WORDS = Pattern.compile("^ {2}[a-z]+ [a-z]+ [a-z]+ [a-z]+$");
    private static final Pattern SIZE = Pattern.compile("\\b\\d+(\\.\\d+)? (B|kB|MB|GB|TB)\\b");
    private static final Pattern LENGTH = Pattern.compile("\\b\\d+ (s|min|h|days?)\\b");
    private static final Pattern TIME = Pattern.compile("\\b(\\d{4}-\\d\\d-\\d\\d )?\\d\\d:\\d\\d\\b");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private Transcripts() {}

    /** A command as it is typed, and the lines after it; none: nothing is said about what it prints. */
    public record Step(String command, List<String> output) {
        public Step {
            output = List.copyOf(output);
        }
    }

    /** Those in the code blocks of {@code text} that begin with a prompt, in order. */
    public static List<Step> in(List<String> text) {
        List<Step> steps = new ArrayList<>();
        String command = null;
        List<String> output = new ArrayList<>();
        for (String line : text) {
            boolean prompt = line.startsWith("$ ");
            if (command != null && (prompt || line.startsWith("```"))) {
                steps.add(new Step(command, output));
                command = null;
            }
            if (prompt) {
                command = line.substring(2);
                output.clear();
            } else if (command != null) {
                output.add(line);
            }
        }
        return steps;
    }

    /** Without what is another one each time: figures, dates, hashes, words to compare, and the width of columns. */
    public static List<String> masked(List<String> output) {
        return output.stream().map(Transcripts::masked).collect(Collectors.toList());
    }

    private static String masked(String line) {
        String text = HASH.matcher(line).replaceAll("HASH");
        text = DEVICE_ID.matcher(text).replaceAll("ID");
        text = ADDRESS.matcher(text).replaceAll("@DOMAIN");
        text = SAFETY_WORDS.matcher(text).replaceAll("  WORDS");
        text = SIZE.matcher(text).replaceAll("SIZE");
        text = LENGTH.matcher(text).replaceAll("LENGTH");
        text = TIME.matcher(text).replaceAll("TIME");
        text = NUMBER.matcher(text).replaceAll("N");
        return text.replaceAll(" {2,}", "  ").stripTrailing();
    }
}
