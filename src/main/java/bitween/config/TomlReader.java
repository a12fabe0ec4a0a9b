package bitween.config;

import bitween.model.ErrorCode;
import bitween.model.Typos;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlKeyValue;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlValue;

/**
 * Reads keys of the form "section.key" from TOML and remembers all that is wrong; {@link #finish} tells it, and which keys nobody asked for. A conversion
 * function refuses a text by IllegalArgumentException with the rest of a sentence: "must be …".
 */
final class TomlReader {
    /** More would scroll the first away. */
    private static final int MAX_PROBLEMS = 10;
    /** How much of a wrong value is quoted. */
    private static final int MAX_QUOTED = 80;
    /** "prot" is meant as "port"; further off is no suggestion. */
    private static final int MAX_TYPOS = 2;

    private static final TomlPosition START = TomlPosition.positionAt(1, 1);

    private record Problem(TomlPosition position, String text, String hint) {}

    private final Path file;
    private final TomlParseResult root;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private TomlReader(Path file, TomlParseResult root) {
        this.file = file;
        this.root = root;
    }

    /** @throws UserException BAD_CONFIG when {@code text} is no TOML */
    static TomlReader parse(Path file, String text) {
        TomlParseResult root = Toml.parse(text);
        TomlReader reader = new TomlReader(file, root);
        for (TomlParseError error : root.errors()) {
            reader.problems.add(new Problem(
                    error.position(),
                    Objects.requireNonNullElse(error.getMessage(), "not TOML"),
                    "see toml.io for how values are written"));
        }
        reader.throwProblems();
        return reader;
    }

    /** Whether {@code edited} says what {@code text} says, but for {@code key}, which has this value. */
    static boolean isSameBut(String text, String edited, String key, String literal) {
        TomlParseResult after = Toml.parse(edited);
        TomlParseResult wanted = Toml.parse("value = " + literal);
        return !after.hasErrors()
                && Objects.equals(plain(after.get(key)), plain(wanted.get("value")))
                && valuesWithout(Toml.parse(text), key).equals(valuesWithout(after, key));
    }

    /** Whether {@code edited} says what {@code text} says, but nothing of {@code key}. */
    static boolean isSameWithout(String text, String edited, String key) {
        TomlParseResult after = Toml.parse(edited);
        return !after.hasErrors()
                && after.get(key) == null
                && valuesWithout(Toml.parse(text), key).equals(valuesWithout(after, key));
    }

    /** What a file says, by key, as lists, texts, numbers and booleans. */
    static Map<String, @Nullable Object> values(String text) {
        return valuesWithout(Toml.parse(text), "");
    }

    private static Map<String, @Nullable Object> valuesWithout(TomlParseResult toml, String key) {
        Map<String, @Nullable Object> values = new HashMap<>();
        toml.dottedEntrySet().forEach(entry -> values.put(entry.getKey(), plain(entry.getValue())));
        values.remove(key);
        return values;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value instanceof TomlArray array ? array.toList() : value;
    }

    long number(String key, long otherwise, long least, long most) {
        TomlValue value = value(key);
        if (value == null) {
            return otherwise;
        }
        if (value.isLong() && value.getLong() >= least && value.getLong() <= most) {
            return value.getLong();
        }
        wrong(key, value, value.isLong() ? "must be " + least + " to " + most : "must be a whole number");
        return otherwise;
    }

    boolean flag(String key, boolean otherwise) {
        TomlValue value = value(key);
        if (value == null) {
            return otherwise;
        }
        if (value.isBoolean()) {
            return value.getBoolean();
        }
        wrong(key, value, "must be true or false");
        return otherwise;
    }

    <T> T text(String key, T otherwise, Function<String, T> conversion) {
        T converted = optional(key, conversion);
        return converted == null ? otherwise : converted;
    }

    /** @return null when the key is not there, or wrong */
    <T> @Nullable T optional(String key, Function<String, T> conversion) {
        TomlValue value = value(key);
        return value == null ? null : converted(key, value, conversion);
    }

    /** @return null when the key is missing or wrong, and {@link #finish} will say so */
    <T> @Nullable T required(String key, Function<String, T> conversion, String hint) {
        TomlValue value = value(key);
        if (value != null) {
            return converted(key, value, conversion);
        }
        String section = key.substring(0, key.indexOf('.'));
        TomlPosition position = root.isTable(List.of(section)) ? root.inputPositionOf(List.of(section)) : null;
        problems.add(new Problem(position == null ? START : position, key + " is missing", hint));
        return null;
    }

    <T> Set<T> texts(String key, Set<T> otherwise, Function<String, T> conversion) {
        TomlValue value = value(key);
        if (value == null) {
            return otherwise;
        }
        if (!value.isArray()) {
            wrong(key, value, "must be a list of texts, [\"…\"]");
            return otherwise;
        }
        TomlArray array = value.getArray();
        Set<T> converted = new LinkedHashSet<>();
        for (int i = 0; i < array.size(); i++) {
            T element = converted(key, array.entry(i).value(), conversion);
            if (element != null) {
                converted.add(element);
            }
        }
        return converted;
    }

    /** The keys that were asked for: all there are. */
    Set<String> asked() {
        return Collections.unmodifiableSet(asked);
    }

    /** @throws UserException BAD_CONFIG when anything was wrong, or a key is there that nobody asked for */
    void finish() {
        for (List<String> path : root.keyPathSet(true)) {
            String key = String.join(".", path);
            boolean sectionOfOurs = asked.stream().anyMatch(known -> known.startsWith(key + "."));
            boolean below = path.size() > 1 && !isKnown(path.subList(0, path.size() - 1));
            if (sectionOfOurs && !(root.get(path) instanceof TomlTable)) {
                problems.add(new Problem(position(path), key + " must be a section, [" + key + "]", ""));
            } else if (!below && !isKnown(path)) {
                problems.add(new Problem(position(path), "there is no key " + Toml.joinKeyPath(path), suggestion(key)));
            }
        }
        throwProblems();
    }

    private boolean isKnown(List<String> path) {
        String key = String.join(".", path);
        return path.stream().noneMatch(part -> part.indexOf('.') >= 0)
                && asked.stream().anyMatch(known -> known.equals(key) || known.startsWith(key + "."));
    }

    private TomlPosition position(List<String> path) {
        TomlPosition position = root.inputPositionOf(path);
        return position == null ? START : position;
    }

    /** Of a table that only the name of another one brings about, [key.other], nobody knows where it is. */
    private static TomlPosition position(TomlValue value) {
        return Objects.requireNonNullElse(value.position(), START);
    }

    private @Nullable TomlValue value(String key) {
        asked.add(key);
        int dot = key.indexOf('.');
        if (!(root.get(List.of(key.substring(0, dot))) instanceof TomlTable section)) {
            return null;
        }
        TomlKeyValue entry = section.entry(List.of(key.substring(dot + 1)));
        return entry == null ? null : entry.value();
    }

    private <T> @Nullable T converted(String key, TomlValue value, Function<String, T> conversion) {
        if (!value.isString()) {
            wrong(key, value, "must be a text in quotes");
            return null;
        }
        try {
            return conversion.apply(value.getString());
        } catch (IllegalArgumentException e) {
            String rule = Objects.requireNonNullElse(e.getMessage(), "is wrong");
            if (rule.startsWith("must ")) {
                wrong(key, value, rule);
            } else {
                problems.add(new Problem(position(value), key + ": " + rule, "")); // a value that explains itself
            }
            return null;
        }
    }

    /**
     * Of a key that is there, and right by itself.
     *
     * @param rule what it lacks
     */
    void refuse(String key, String rule) {
        TomlValue value = value(key);
        problems.add(new Problem(value == null ? START : position(value), key + " " + rule, ""));
    }

    private void wrong(String key, TomlValue value, String rule) {
        problems.add(new Problem(position(value), key + " " + rule + ", not " + quoted(value), ""));
    }

    private static String quoted(TomlValue value) {
        if (value.isTable() || value.isArray()) {
            return value.isTable() ? "a table" : "a list";
        }
        String text = value.isString()
                ? "'" + value.getString().replaceAll("\\p{Cntrl}", " ") + "'"
                : String.valueOf(value.get());
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }

    private String suggestion(String key) {
        Set<String> candidates = new TreeSet<>(asked);
        asked.forEach(known -> candidates.add(known.substring(0, known.indexOf('.'))));
        String name = key.substring(key.lastIndexOf('.') + 1);
        Optional<String> close = candidates.stream()
                .filter(known -> Typos.between(known, key) <= MAX_TYPOS
                        || known.substring(known.lastIndexOf('.') + 1).equals(name))
                .min(Comparator.comparingInt(known -> Typos.between(known, key)));
        return close.map(known -> "did you mean " + known + "?").orElse("the sample bitween.toml names every key");
    }

    private void throwProblems() {
        if (problems.isEmpty()) {
            return;
        }
        problems.sort(
                Comparator.comparingInt((Problem problem) -> problem.position().line())
                        .thenComparingInt(problem -> problem.position().column()));
        List<String> told = new ArrayList<>();
        Set<String> hints = new LinkedHashSet<>();
        for (Problem problem : problems.subList(0, Math.min(problems.size(), MAX_PROBLEMS))) {
            TomlPosition at = problem.position();
            told.add(file + ":" + at.line() + ":" + at.column() + ": " + problem.text());
            if (!problem.hint().isEmpty()) {
                hints.add(problem.hint());
            }
        }
        if (problems.size() > MAX_PROBLEMS) {
            told.add("and " + (problems.size() - MAX_PROBLEMS) + " more");
        }
        throw new UserException(
                ErrorCode.BAD_CONFIG,
                String.join("; ", told),
                hints.isEmpty() ? "correct the file, then try again" : String.join("; ", hints));
    }
}
