package bitween.link;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How often things happened of late. It grows with what is added within the window, which is the caller's to limit. Thread: the caller's. */
final class Recent<K> {
    private final long windowNs;
    private final Map<K, Integer> counts = new HashMap<>();
    /** The oldest first. */
    private final Deque<Happened<K>> all = new ArrayDeque<>();

    private record Happened<K>(K what, long atNs) {}

    Recent(Duration window) {
        windowNs = window.toNanos();
    }

    int count(K what) {
        return counts.getOrDefault(what, 0);
    }

    void add(K what, long nowNs) {
        counts.merge(what, 1, Integer::sum);
        all.add(new Happened<>(what, nowNs));
    }

    void forgetOld(long nowNs) {
        for (Happened<K> oldest = all.peek(); oldest != null && nowNs - oldest.atNs > windowNs; oldest = all.peek()) {
            counts.computeIfPresent(oldest.what, (what, count) -> count > 1 ? count - 1 : null);
            all.remove();
        }
    }
}
