package bitween.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is wanted of a share: a file or folder, or what a pattern fits. A folder stands for all that is in it.
 *
 * @param below the path of a file or folder, with slashes; empty: the share's own folder
 * @param pattern what is meant below it, in the signs of {@link Glob}: with a slash in it a path, without one a name at any depth; empty: all
 */
public record Choice(String below, String pattern) {
    /** All of it. */
    public static final Choice ALL = new Choice("", "");

    /** As long as a path may be on Linux. */
    private static final int MAX_BYTES = 4_096;

    /** @throws IllegalArgumentException with a sentence for people */
    public Choice {
        String text = below + pattern;
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("a path or pattern has at most " + MAX_BYTES + " bytes");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a path or pattern has no control characters");
        }
    }

    public static Choice path(List<String> path) {
        return new Choice(String.join("/", path), "");
    }

    /** @throws IllegalArgumentException when it is none */
    public static Choice glob(List<String> below, String pattern) {
        if (elements(pattern).isEmpty()) {
            throw new IllegalArgumentException("'" + pattern + "' is no pattern, such as '*.mkv' or 'Extras/**'");
        }
        return new Choice(String.join("/", below), pattern);
    }

    /** Whether a file or folder of this path is wanted. */
    public Predicate<List<String>> test() {
        List<String> above = elements(below);
        List<String> elements = elements(pattern);
        if (elements.isEmpty()) {
            return path -> isBelow(above, path);
        }
        if (elements.size() == 1 && pattern.indexOf('/') < 0) {
            elements.add(0, "**");
        }
        Glob glob = new Glob(elements);
        return path -> isBelow(above, path) && fitsSome(glob, path.subList(above.size(), path.size()));
    }

    /** The path itself, or a folder above it. */
    private static boolean fitsSome(Glob glob, List<String> path) {
        for (int depth = path.size(); depth > 0; depth--) {
            if (glob.matches(path.subList(0, depth))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(List<String> above, List<String> path) {
        return path.size() >= above.size() && path.subList(0, above.size()).equals(above);
    }

    private static List<String> elements(String path) {
        List<String> elements = new ArrayList<>(List.of(path.split("/")));
        elements.removeIf(String::isEmpty);
        return elements;
    }

    /**
     * That nothing of a share is meant.
     *
     * @param names of what is in its folder
     */
    public UserException unfit(String share, List<String> names) {
        return new UserException(
                ErrorCode.NOTHING_FITS, "'" + this + "' fits nothing in " + share, whatIsIn("it", names));
    }

    /** "in it are 'a', 'b'", for who named something else. */
    public static String whatIsIn(String folder, Collection<String> names) {
        int shown = Math.min(names.size(), MAX_NAMES);
        String more = names.size() > shown ? " and " + (names.size() - shown) + " more" : "";
        return names.isEmpty()
                ? "there is nothing in " + folder
                : "in " + folder + " are "
                        + names.stream()
                                .limit(shown)
                                .map(name -> "'" + name + "'")
                                .collect(Collectors.joining(", "))
                        + more;
    }

    /** More are no help on a screen. */
    private static final int MAX_NAMES = 8;

    /** As people write it. */
    @Override
    public String toString() {
        return equals(ALL)
                ? "all"
                : Stream.of(below, pattern).filter(text -> !text.isEmpty()).collect(Collectors.joining("/"));
    }
}
