package bitween.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a text what is nobody else's business. What stays is what is known to be harmless: numbers, times, the program's own words and stack frames; a
 * pseudonym such as {@code friend-1}, the same for the same thing in the whole report, stands for everything else. Not thread-safe.
 */
final class Redactor {
    private static final Pattern TOKEN = Pattern.compile("\\S+");
    private static final Pattern CORE =
            Pattern.compile("^((?!\\[[\\da-fA-F:]+]:)[\\[({\"'<=|]*|)(.*?)([\\])}\"'>,.:;!?=|]*)$");
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d(T[\\d:.]+Z?)?|\\d\\d:\\d\\d(:\\d\\d([.,]\\d+)?)?");
    private static final Pattern NUMBER = Pattern.compile("[-+#~]?\\d{1,15}([.,]\\d{1,15})?%?");
    private static final Pattern FRAME = Pattern.compile(
            "(at )?((app//|java\\.base/|[a-z.]+@[\\d.]+/)?(bitween|java|javax|jdk|sun|com|org)(\\.[\\w$<>]+)+)(\\([\\w.$: ]*\\))?");
    private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\\x00-\\x7f]+");
    private static final Pattern DIGITS = Pattern.compile("\\d{7,}|(?i:(?=[a-f]*\\d)[0-9a-f]{8,})");
    /** A hash, a key or a token, also in a report with everything. */
    private static final Pattern SECRET =
            Pattern.compile("(?<![A-Za-z0-9])[0-9a-fA-F]{32,}(?![A-Za-z0-9])|[A-Za-z0-9+_-]{40,}=*");

    /** A shorter one would be found in the midst of words. */
    private static final int SHORTEST_NAME = 3;

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("jid", "friend"),
            Map.entry("contact", "friend"),
            Map.entry("hash", "hash"),
            Map.entry("contentId", "hash"),
            Map.entry("magnet", "magnet"),
            Map.entry("name", "name"),
            Map.entry("device", "device"),
            Map.entry("id", "id"),
            Map.entry("place", "path"),
            Map.entry("home", "path"),
            Map.entry("directory", "path"),
            Map.entry("server", "server"),
            Map.entry("address", "address"));

    private final boolean full;
    private final Set<String> words;
    private final List<String> secrets;
    private final Map<String, String> pseudonyms = new LinkedHashMap<>();
    private final Set<String> given = new HashSet<>();
    /** The longest first, so that none is replaced within another. */
    private final TreeSet<String> names =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private final Map<String, Integer> counts = new LinkedHashMap<>();

    /**
     * @param full whether people and files keep their names
     * @param words of the program, in lower case
     * @param secrets never shown, wherever they stand
     */
    Redactor(boolean full, Set<String> words, List<String> secrets) {
        this.full = full;
        this.words = words;
        this.secrets = secrets;
    }

    /** Maps, lists and values as JSON has them. */
    @Nullable
    Object value(@Nullable Object value) {
        return value("", value);
    }

    private @Nullable Object value(String key, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, each) -> copy.put(text(String.valueOf(name)), value(String.valueOf(name), each)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(value(key, each)));
            return copy;
        }
        if (!(value instanceof String text)) {
            return value;
        }
        String kind = KINDS.get(key);
        return kind == null || full || text.isEmpty() ? text(text) : named(kind, text);
    }

    /** Something whose name is known from now on, also where it has spaces and stands in the midst of a line. */
    String named(String kind, String name) {
        if (!pseudonyms.containsKey(name) && name.length() >= SHORTEST_NAME) {
            names.add(name);
        }
        return pseudonym(kind, name);
    }

    /** Lines for people. */
    String text(String text) {
        String known = text;
        for (String secret : secrets) {
            known = known.replace(secret, "[secret]");
        }
        known = replaced(SECRET, known, secret -> pseudonym("secret", secret));
        if (full) {
            return known;
        }
        for (String name : names) {
            known = known.replace(name, pseudonyms.getOrDefault(name, ""));
        }
        return replaced(TOKEN, known, this::token);
    }

    private String token(String token) {
        if (FRAME.matcher(token).matches()) {
            return token;
        }
        Matcher matcher = CORE.matcher(token);
        if (!matcher.matches()) {
            return pseudonym("x", token);
        }
        String core = matcher.group(2);
        return isHarmless(core) ? token : matcher.group(1) + pseudonym(kindOf(core), core) + matcher.group(3);
    }

    private boolean isHarmless(String core) {
        if (core.isEmpty()
                || TIME.matcher(core).matches()
                || NUMBER.matcher(core).matches()
                || isPseudonym(core)) {
            return true;
        }
        if (FRAME.matcher(core).matches()) {
            return true;
        }
        if (core.indexOf('@') >= 0
                || core.indexOf('/') >= 0
                || DIGITS.matcher(core).find()
                || isAddress(core)) {
            return false;
        }
        Matcher word = WORD.matcher(core);
        while (word.find()) {
            if (!words.contains(word.group().toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }

    private boolean isPseudonym(String core) {
        return given.contains(core);
    }

    private static boolean isAddress(String core) {
        return core.matches(".*\\d+\\.\\d+\\.\\d+\\.\\d+.*") || core.matches("\\[?[0-9a-fA-F]*:[0-9a-fA-F:]+.*");
    }

    private static String kindOf(String core) {
        if (core.indexOf('@') >= 0) {
            return "friend";
        }
        return core.indexOf('/') >= 0 ? "path" : isAddress(core) ? "address" : "x";
    }

    private String pseudonym(String kind, String name) {
        String pseudonym =
                pseudonyms.computeIfAbsent(name, unknown -> kind + "-" + counts.merge(kind, 1, Integer::sum));
        given.add(pseudonym);
        return pseudonym;
    }

    private static String replaced(Pattern pattern, String text, UnaryOperator<String> change) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(change.apply(found.group())));
    }
}
