package bitween.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tomlj.Toml;

/**
 * The commented sample, conf/bitween.toml. In it {@code #key = value} is a default, and {@code #   key = value} an example of a key that has none, or
 * one that depends on the machine.
 */
final class ConfigTemplate {
    private static final Pattern SECTION = Pattern.compile("\\[([a-z]+)]");
    private static final Pattern KEY = Pattern.compile("#( {3})?([a-z][a-z0-9_]*) = .*");

    /** What a daemon that runs takes over; the rest when it starts. */
    private static final Set<String> LIVE = Set.of(
            "network.download_bytes_per_second",
            "network.upload_bytes_per_second",
            "downloads.active",
            "sharing.audience",
            "follow.notify",
            "on.complete",
            "on.error",
            "on.shared",
            "on.found",
            "on.revision",
            "on.request",
            "on.offer");

    private ConfigTemplate() {}

    /** @return the sample with these keys ("network.port") set, in their places and under their comments */
    static String filled(Map<String, ?> values) {
        List<String> lines = new ArrayList<>();
        Set<String> left = new HashSet<>(values.keySet());
        String section = "";
        for (String line : sample().lines().toList()) {
            Matcher header = SECTION.matcher(line);
            Matcher key = KEY.matcher(line);
            if (header.matches()) {
                section = header.group(1);
            }
            String name = key.matches() ? section + "." + key.group(2) : "";
            Object value = values.get(name);
            if (value != null && key.group(1) != null) { // what stands there now is no example
                lines.add(lines.remove(lines.size() - 1).replaceFirst(" Example:$", ""));
            }
            lines.add(value == null ? line : key.group(2) + " = " + literal(value));
            left.remove(name);
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("the sample has no " + left);
        }
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    /** Every key, in the order of the sample, as it stands where nothing is set. */
    static List<Setting> settings() {
        List<Setting> all = new ArrayList<>();
        List<String> about = new ArrayList<>();
        String section = "";
        for (String line : sample().lines().toList()) {
            Matcher header = SECTION.matcher(line);
            Matcher key = KEY.matcher(line);
            if (key.matches()) {
                String name = section + "." + key.group(2);
                String literal = line.substring(line.indexOf(" = ") + 3);
                all.add(new Setting(
                        name, about, key.group(1) == null ? literal : null, literal, null, LIVE.contains(name)));
                about.clear();
            } else if (line.startsWith("# ")) {
                about.add(line.substring(2).replaceFirst(" Example:$", ""));
            } else {
                about.clear();
                section = header.matches() ? header.group(1) : section;
            }
        }
        return all;
    }

    /** A key as the sample has it, with its default or example. */
    static String line(String key) {
        Setting setting = settings().stream()
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the sample has no " + key));
        return (setting.usual() == null ? "#   " : "#") + key.substring(key.indexOf('.') + 1) + " = "
                + setting.example();
    }

    static String sample() {
        try (InputStream in = ConfigTemplate.class.getResourceAsStream("/bitween/conf/bitween.toml")) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: no bitween/conf/bitween.toml");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("bitween/conf/bitween.toml", e);
        }
    }

    /** As TOML writes it. */
    static String literal(Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof String text) {
            return "\"" + Toml.tomlEscape(text) + "\"";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ConfigTemplate::literal).collect(Collectors.joining(", ", "[", "]"));
        }
        throw new IllegalArgumentException("no value for bitween.toml: a " + value.getClass());
    }
}
