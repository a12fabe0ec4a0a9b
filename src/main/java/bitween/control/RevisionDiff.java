package bitween.control;

import bitween.control.Histories.Entry;
import bitween.model.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is other in one revision than in another. What has a new path and a content that went is renamed; content is known by SHA-256. Empty files are never renamed.
 *
 * @param renamed what they were called, and what they are now
 */
record RevisionDiff(List<Entry> added, List<Entry> changed, List<Entry> removed, List<Renamed> renamed) {
    record Renamed(Entry before, Entry after) {}

    static RevisionDiff between(List<Entry> before, List<Entry> after) {
        Map<List<String>, Entry> gone = new LinkedHashMap<>();
        before.forEach(entry -> gone.put(entry.path(), entry));
        List<Entry> fresh = new ArrayList<>();
        List<Entry> changed = new ArrayList<>();
        for (Entry entry : after) {
            Entry was = gone.remove(entry.path());
            if (was == null) {
                fresh.add(entry);
            } else if (!was.sha256().equals(entry.sha256())) {
                changed.add(entry);
            }
        }
        Map<Bytes, Deque<Entry>> byContent = new HashMap<>();
        gone.values().stream()
                .filter(entry -> entry.sizeBytes() > 0)
                .forEach(entry -> byContent
                        .computeIfAbsent(entry.sha256(), first -> new ArrayDeque<>())
                        .add(entry));
        List<Entry> added = new ArrayList<>();
        List<Renamed> renamed = new ArrayList<>();
        for (Entry entry : fresh) {
            Entry was =
                    byContent.getOrDefault(entry.sha256(), new ArrayDeque<>()).poll();
            if (was == null) {
                added.add(entry);
            } else {
                gone.remove(was.path());
                renamed.add(new Renamed(was, entry));
            }
        }
        return new RevisionDiff(added, changed, List.copyOf(gone.values()), renamed);
    }
}
