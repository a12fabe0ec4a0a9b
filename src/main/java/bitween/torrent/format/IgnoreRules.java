package bitween.torrent.format;

import bitween.model.Glob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the ignore files of a folder and of those above it leave out, in a part of gitignore's language: blank lines and
 * {@code #} comments, the {@link Glob} signs, {@code /} at the start or within for paths from the file's own folder
 * rather than names anywhere below, {@code /} at the end for folders only, {@code !} to take a file back in. The last
 * rule that matches wins, and a file nearer by wins over one further up. What is in a folder left out cannot be taken
 * back in. There are no sets ({@code [a-z]}) and no backslashes.
 */
final class IgnoreRules {
    static final IgnoreRules NONE = new IgnoreRules(null, 0, List.of());

    /** Ten times the longest that was seen; a limit for a file that is none of ours. */
    static final int MAX_RULES = 10_000;

    private final @Nullable IgnoreRules above;
    private final int depth;
    private final List<Rule> rules;

    private record Rule(Glob glob, boolean foldersOnly, boolean takesIn) {}

    private IgnoreRules(@Nullable IgnoreRules above, int depth, List<Rule> rules) {
        this.above = above;
        this.depth = depth;
        this.rules = rules;
    }

    /**
     * These rules and those of one more file.
     *
     * @param folderDepth how many elements the path of its folder has
     * @throws IllegalArgumentException if there are more than {@link #MAX_RULES}
     */
    IgnoreRules with(int folderDepth, List<String> lines) {
        List<Rule> parsed = new ArrayList<>();
        for (String line : lines) {
            Rule rule = parsed(line.strip());
            if (rule != null) {
                parsed.add(rule);
            }
        }
        if (parsed.size() > MAX_RULES) {
            throw new IllegalArgumentException("has " + parsed.size() + " rules, " + MAX_RULES + " are possible");
        }
        return new IgnoreRules(this, folderDepth, parsed);
    }

    boolean ignores(List<String> path, boolean folder) {
        for (IgnoreRules file = this; file != null; file = file.above) {
            List<String> below = path.subList(file.depth, path.size());
            for (int i = file.rules.size() - 1; i >= 0; i--) {
                Rule rule = file.rules.get(i);
                if ((folder || !rule.foldersOnly) && rule.glob.matches(below)) {
                    return !rule.takesIn;
                }
            }
        }
        return false;
    }

    private static @Nullable Rule parsed(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return null;
        }
        boolean takesIn = line.startsWith("!");
        String pattern = takesIn ? line.substring(1) : line;
        boolean foldersOnly = pattern.endsWith("/");
        if (foldersOnly) {
            pattern = pattern.substring(0, pattern.length() - 1);
        }
        List<String> elements = new ArrayList<>(List.of(pattern.split("/")));
        if (pattern.indexOf('/') < 0) {
            elements.add(0, "**");
        }
        elements.removeIf(String::isEmpty);
        return elements.isEmpty() ? null : new Rule(new Glob(elements), foldersOnly, takesIn);
    }
}
