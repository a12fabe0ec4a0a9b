package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys commands print with {@code --json}, and what stands there: a file with a section for each command line, and in it a line for each key, such as {@code peers[].address string?}.
 * A question mark: or null. {@code optional}: or no such key; {@code @name}: an object of that shape, {@code map}: an object with keys of its own, which are not looked at.
 */
public final class JsonKeys {
    private static final String COMMAND = "$ ";
    private static final String SHAPE = "@";
    /** In place of a key: what follows is all here. */
    private static final String ALL = "-";

    private static final String OPTIONAL = "optional ";

    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Set<String> looked = new LinkedHashSet<>();

    public JsonKeys(Path file) throws IOException {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        List<String> text = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.startsWith(COMMAND) || line.startsWith(SHAPE)) {
                text = new ArrayList<>();
                texts.put(line, text);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                text.add(line);
            }
        }
        for (String name : texts.keySet()) {
            if (name.startsWith(COMMAND)) {
                Map<String, String> section = new LinkedHashMap<>();
                expand("", name, texts, section);
                sections.put(name.substring(COMMAND.length()), section);
            }
        }
    }

    private static void expand(String path, String name, Map<String, List<String>> texts, Map<String, String> section) {
        for (String line : Objects.requireNonNull(texts.get(name), name)) {
            int space = line.indexOf(' ');
            String key = line.substring(0, space);
            String type = line.substring(space + 1);
            String here = key.equals(ALL) ? path : path + "." + key;
            if (!type.startsWith(SHAPE)) {
                section.put(here, type);
                continue;
            }
            if (!key.equals(ALL)) {
                section.put(here, type.endsWith("?") ? "object?" : "object");
            }
            expand(here, type.replace("?", ""), texts, section);
        }
    }

    /** Looks whether it has the keys of its section, all of them and no others; {@link #verifyAll} tells. */
    public void look(String command, @Nullable Object printed) {
        looked.add(command);
        Map<String, String> section = sections.getOrDefault(command, Map.of());
        List<String> wrong = new ArrayList<>();
        look("", printed, section, wrong);
        if (!wrong.isEmpty()) {
            faults.add("$ " + command + "\n" + String.join("\n", wrong) + "\n\n" + described(printed));
        }
    }

    /** What was wrong, with all that was printed, and what was never looked at. */
    public void verifyAll() {
        assertThat(String.join("\n", faults)).isEmpty();
        assertThat(looked).containsExactlyInAnyOrderElementsOf(sections.keySet());
    }

    private static void look(String path, @Nullable Object value, Map<String, String> section, List<String> wrong) {
        if (value instanceof Map<?, ?> object) {
            section.forEach((key, type) -> {
                if (key.startsWith(path + ".")
                        && isName(key.substring(path.length() + 1))
                        && !type.startsWith(OPTIONAL)
                        && !object.containsKey(key.substring(path.length() + 1))) {
                    wrong.add(key + " is missing");
                }
            });
            object.forEach((key, each) -> check(path + "." + key, each, section, wrong));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> check(path + "[]", each, section, wrong));
        }
    }

    private static boolean isName(String key) {
        return key.indexOf('.') < 0 && key.indexOf('[') < 0;
    }

    private static void check(String path, @Nullable Object value, Map<String, String> section, List<String> wrong) {
        String declared = section.get(path);
        if (declared == null) {
            wrong.add(path + " is new");
            return;
        }
        String type = declared.startsWith(OPTIONAL) ? declared.substring(OPTIONAL.length()) : declared;
        if (type.equals("map") && value instanceof Map) {
            return;
        }
        boolean fits =
                value == null ? type.endsWith("?") : type.replace("?", "").equals(type(value));
        if (!fits) {
            wrong.add(path + " is " + type(value) + " and not " + type);
        }
        look(path, value, section, wrong);
    }

    private static String type(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return value instanceof Map
                ? "object"
                : value instanceof List
                        ? "list"
                        : value instanceof String ? "string" : value instanceof Boolean ? "boolean" : "number";
    }

    /** As its section would be if it were always so. */
    private static String described(@Nullable Object printed) {
        Map<String, Set<String>> seen = new LinkedHashMap<>();
        describe("", printed, seen);
        StringBuilder text = new StringBuilder();
        seen.forEach((path, types) -> {
            boolean isNull = types.remove("null");
            text.append(path.substring(1))
                    .append(' ')
                    .append(types.isEmpty() ? "null" : String.join("|", types))
                    .append(isNull ? "?" : "")
                    .append('\n');
        });
        return text.toString();
    }

    private static void describe(String path, @Nullable Object value, Map<String, Set<String>> seen) {
        if (!path.isEmpty()) {
            Objects.requireNonNull(seen.computeIfAbsent(path, unused -> new LinkedHashSet<>()))
                    .add(type(value));
        }
        if (value instanceof Map<?, ?> object) {
            object.forEach((key, each) -> describe(path + "." + key, each, seen));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> describe(path + "[]", each, seen));
        }
    }
}
