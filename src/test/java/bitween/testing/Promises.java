package bitween.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a daemon has said to be so, as keys and values such as {@code share /a/b: audience = everyone}, and what it was asked for when it was cut off, which may
 * have happened or not. Thread: any.
 */
public final class Promises {
    /** The value of what is not there. */
    public static final String NONE = "";

    /** Keys that come by themselves, and then stay: a share gets its hash, a job its place. */
    private static final Set<String> GROWING = Set.of("hash", "complete");

    private final Map<String, String> told = new TreeMap<>();
    private Map<String, String> asked = Map.of();
    private final List<Cut> cuts = new ArrayList<>();

    /**
     * Before a daemon is asked.
     *
     * @param effects what is so afterwards
     */
    public synchronized void asking(Map<String, String> effects) {
        asked = Map.copyOf(effects);
        cuts.forEach(cut -> cut.mayBe(effects));
    }

    /** It has said yes. */
    public synchronized void answered(Map<String, String> effects) {
        told.putAll(effects);
        told.values().removeIf(String::isEmpty);
        cuts.forEach(cut -> cut.mayBe(effects));
        asked = Map.of();
    }

    /** It has said no. */
    public synchronized void refused() {
        asked = Map.of();
    }

    /** What is known to be so from now on, and nothing else is. */
    public synchronized void found(Map<String, String> all) {
        told.clear();
        told.putAll(all);
        asked = Map.of();
    }

    /** @return the value, or {@link #NONE} */
    public synchronized String value(String key) {
        return told.getOrDefault(key, NONE);
    }

    /** Those of these keys that have a value: {@code keys("share", "hash")} are the places of shares with one. */
    public synchronized List<String> subjects(String kind, String key) {
        return told.keySet().stream()
                .filter(each -> each.startsWith(kind + " ") && each.endsWith(": " + key))
                .map(each -> each.substring(kind.length() + 1, each.length() - key.length() - 2))
                .toList();
    }

    public static String key(String kind, String subject, String key) {
        return kind + " " + subject + ": " + key;
    }

    /** Now, or from now until it is closed. */
    public synchronized Cut cut() {
        Cut cut = new Cut(new TreeMap<>(told));
        cut.mayBe(asked);
        cuts.add(cut);
        return cut;
    }

    /** A moment, or a while, in which a daemon was cut off. */
    public final class Cut implements AutoCloseable {
        private final Map<String, String> before;
        private final Map<String, Set<String>> possible = new HashMap<>();

        private Cut(Map<String, String> before) {
            this.before = before;
        }

        private void mayBe(Map<String, String> effects) {
            effects.forEach((key, value) ->
                    possible.computeIfAbsent(key, k -> new HashSet<>()).add(value));
        }

        @Override
        public void close() {
            synchronized (Promises.this) {
                cuts.remove(this);
            }
        }

        /** @return what was promised and is not so, in words */
        public List<String> broken(Map<String, String> found) {
            synchronized (Promises.this) {
                Set<String> keys = new TreeSet<>(before.keySet());
                keys.addAll(found.keySet());
                List<String> broken = new ArrayList<>();
                for (String key : keys) {
                    String was = before.getOrDefault(key, NONE);
                    String is = found.getOrDefault(key, NONE);
                    boolean grew = was.isEmpty() && GROWING.contains(key.substring(key.lastIndexOf(' ') + 1));
                    if (!is.equals(was)
                            && !grew
                            && !possible.getOrDefault(key, Set.of()).contains(is)) {
                        broken.add(key + " was promised to be '" + was + "' and is '" + is + "'");
                    }
                }
                return broken;
            }
        }
    }
}
