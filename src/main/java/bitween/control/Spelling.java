package bitween.control;

import bitween.model.Typos;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Finds things by what people type. Pure. */
final class Spelling {
    private static final int SUGGESTIONS = 3;
    /** Names are compared in full only up to here; a longer one is no typo. */
    private static final int MAX_COMPARED = 256;

    private static final List<UnaryOperator<String>> WAYS =
            List.of(UnaryOperator.identity(), Spelling::folded, Spelling::composed, name -> folded(composed(name)));

    private Spelling() {}

    /** What is called {@code wanted}: as it is; else whatever the case; else whatever the accents are made of (NFC); else both. The first way with a hit decides. */
    static <T> List<T> matches(Collection<T> all, Function<T, String> name, String wanted) {
        for (UnaryOperator<String> way : WAYS) {
            String goal = way.apply(wanted);
            List<T> hits = all.stream()
                    .filter(each -> way.apply(name.apply(each)).equals(goal))
                    .toList();
            if (!hits.isEmpty()) {
                return hits;
            }
        }
        return List.of();
    }

    static boolean startsWith(String name, String prefix) {
        return folded(composed(name)).startsWith(folded(composed(prefix)));
    }

    /** "did you mean 'a' or 'b'?", or nothing when no name is near. */
    static String suggestion(Collection<String> names, String wanted) {
        return question(similar(names, wanted));
    }

    /** "did you mean 'a' or 'b'?" of the first few; empty of none. */
    static String question(List<String> near) {
        List<String> first = near.stream().limit(SUGGESTIONS).toList();
        return first.isEmpty() ? "" : "did you mean " + String.join(" or ", quoted(first)) + "?";
    }

    static List<String> quoted(Collection<String> names) {
        return names.stream().map(name -> "'" + name + "'").toList();
    }

    /** At most three, nearest first: those with few typos (a third of the letters), and those that contain what was typed. */
    static List<String> similar(Collection<String> names, String wanted) {
        String goal = folded(composed(wanted));
        int limit = Math.max(1, (goal.length() + 1) / 3);
        if (goal.isEmpty() || goal.length() > MAX_COMPARED) {
            return List.of();
        }
        return names.stream()
                .distinct()
                .filter(name -> name.length() <= MAX_COMPARED)
                .map(name -> new Scored(name, Typos.between(folded(composed(name)), goal)))
                .filter(scored -> scored.distance <= limit
                        || (goal.length() > 2 && folded(composed(scored.name)).contains(goal)))
                .sorted(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
                .limit(SUGGESTIONS)
                .map(Scored::name)
                .toList();
    }

    private record Scored(String name, int distance) {}

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }
}
