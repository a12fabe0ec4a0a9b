package bitween.catalogue;

import bitween.message.LinkEvent.OffenceSeen;
import bitween.model.InfoHash;
import bitween.model.Offence;
import java.util.Map;

/**
 * What a friend's device did that no honest device does, since we started.
 *
 * @param times how often, of each kind; in the order in which they were first seen
 * @param damaged of what it sent wrong pieces, and how many
 */
public record Misdeeds(Map<Offence, Integer> times, Map<InfoHash, Integer> damaged) {
    static final Misdeeds NONE = new Misdeeds(Map.of(), Map.of());

    /** How many wrong pieces it sent. */
    public int damagedPieces() {
        return times.getOrDefault(Offence.DAMAGED_PIECES, 0);
    }

    Misdeeds with(OffenceSeen seen) {
        Map<Offence, Integer> all = added(times, seen.offence(), seen.times());
        InfoHash hash = seen.hash();
        return seen.offence() == Offence.DAMAGED_PIECES && hash != null
                ? new Misdeeds(all, added(damaged, hash, seen.times()))
                : new Misdeeds(all, damaged);
    }

    private static <K> Map<K, Integer> added(Map<K, Integer> counts, K key, int more) {
        return Maps.with(counts, key, Math.addExact(counts.getOrDefault(key, 0), more));
    }
}
