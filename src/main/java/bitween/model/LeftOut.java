package bitween.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is not shared of a folder.
 *
 * @param counts how many for each reason; none is missing
 * @param first the first {@link #MAX_NAMED} of them
 */
public record LeftOut(Map<Reason, Integer> counts, List<Thing> first) {
    /** As many as fit on a screen. */
    public static final int MAX_NAMED = 20;

    public static final LeftOut NOTHING = new LeftOut(Map.of(), List.of());

    /** Why something is left out. A folder counts as one thing, whatever is in it. */
    public enum Reason {
        HIDDEN,
        /** An ignore file says so. */
        IGNORED,
        /** It is an ignore file. */
        IGNORE_FILE,
        SYMBOLIC_LINK,
        /** A pipe, a socket, a device. */
        SPECIAL_FILE,
        /** It was gone before it could be looked at. */
        VANISHED
    }

    /** @param path below the shared folder */
    public record Thing(String path, Reason reason) {}

    public LeftOut {
        Map<Reason, Integer> all = new EnumMap<>(Reason.class);
        all.putAll(counts);
        counts = Collections.unmodifiableMap(all);
        first = List.copyOf(first);
    }

    public int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
