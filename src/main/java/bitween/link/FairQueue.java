package bitween.link;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose turn it is, of those who want bytes: whoever had least since it began to want some, whatever the number of places that it waits at. So each gets the same of what there is, and who wants
 * less leaves the rest to the others; nobody saves up for later what it did not want. (Start-time fair queueing: P. Goyal, H. Vin, H. Cheng, 1996.)
 * Thread: one at a time.
 *
 * @param <K> who
 */
final class FairQueue<K> {
    private final Map<K, Line<K>> lines = new HashMap<>();
    /** How far whoever had its turn last was when it began. */
    private long now;

    private long turns;

    /** One who waits. */
    static final class Place<K> {
        private final Line<K> line;

        private Place(Line<K> line) {
            this.line = line;
        }
    }

    /** All that one wants. */
    private static final class Line<K> {
        private final Deque<Place<K>> waiting = new ArrayDeque<>();
        /** How many bytes it had, as if it had wanted some from the beginning. */
        private long had;

        private long lastTurn;
    }

    Place<K> enter(K who) {
        Line<K> line = lines.computeIfAbsent(who, first -> new Line<>());
        if (line.waiting.isEmpty()) {
            line.had = Math.max(line.had, now);
        }
        Place<K> place = new Place<>(line);
        line.waiting.add(place);
        return place;
    }

    /** Empty when nobody waits. */
    Optional<Place<K>> next() {
        return lines.values().stream()
                .filter(line -> !line.waiting.isEmpty())
                .min(Comparator.comparingLong((Line<K> line) -> line.had).thenComparingLong(line -> line.lastTurn))
                .map(line -> line.waiting.element());
    }

    /** It had its turn, and {@code bytes}; it does not wait any more. */
    void served(Place<K> place, int bytes) {
        Line<K> line = place.line;
        now = Math.max(now, line.had);
        line.had += bytes;
        line.lastTurn = ++turns;
        leave(place);
    }

    /** It does not wait any more. */
    void leave(Place<K> place) {
        place.line.waiting.remove(place);
        lines.values().removeIf(line -> line.waiting.isEmpty() && line.had <= now); // as good as new
    }
}
