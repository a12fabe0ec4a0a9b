package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which device was the first to send each block of the pieces that are on their way. Who sends a block that was here already mends what somebody else spoilt, or
 * competes in the end. Thread: any.
 */
final class FirstSenders {
    /** Far more than are on their way at once; what falls out was verified long ago. */
    private static final int MAX_PIECES = 4_096;

    private static final int BLOCK_BYTES = 16_384;
    /** Of the longest piece, 16 MiB. */
    private static final int MAX_BLOCKS = 1_024;

    private final Map<InfoHash, Map<Integer, Piece>> pieces = new HashMap<>();
    private final Map<InfoHash, Map<Device, Long>> blocks = new HashMap<>();

    private static final class Piece {
        private final BitSet seen = new BitSet();
        private final Set<Device> first = new HashSet<>();
    }

    /** The oldest fall out. */
    private static final class Recent extends LinkedHashMap<Integer, Piece> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Piece> eldest) {
            return size() > MAX_PIECES;
        }
    }

    synchronized void came(Device device, InfoHash hash, int piece, int begin) {
        int block = begin / BLOCK_BYTES;
        if (piece < 0 || block < 0 || block >= MAX_BLOCKS) {
            return; // libtorrent throws it out
        }
        Piece known = pieces.computeIfAbsent(hash, unknown -> new Recent()).computeIfAbsent(piece, none -> new Piece());
        if (!known.seen.get(block)) {
            known.seen.set(block);
            known.first.add(device);
            blocks.computeIfAbsent(hash, none -> new HashMap<>()).merge(device, 1L, Long::sum);
        }
    }

    /**
     * Who sent a piece.
     *
     * @param blocks how many of it came while we looked; others may have been here since before a restart
     */
    record Sent(Set<Device> devices, int blocks) {}

    /** Forgets the piece, which is fetched again. */
    synchronized Sent take(InfoHash hash, int piece) {
        Map<Integer, Piece> known = pieces.get(hash);
        Piece taken = known == null ? null : known.remove(piece);
        return taken == null ? new Sent(Set.of(), 0) : new Sent(Set.copyOf(taken.first), taken.seen.cardinality());
    }

    /** How many blocks came first from there. */
    synchronized long blocksFrom(Device device, InfoHash hash) {
        return blocks.getOrDefault(hash, Map.of()).getOrDefault(device, 0L);
    }

    /** What a device sent of anything that is not offered by it any more says nothing of what it sends when it offers it again. */
    synchronized void withdrawn(Device device, Set<InfoHash> offered) {
        blocks.forEach((hash, from) -> {
            if (!offered.contains(hash) && from.remove(device) != null) {
                pieces.getOrDefault(hash, Map.of()).values().removeIf(piece -> piece.first.contains(device));
            }
        });
    }

    synchronized void forget(InfoHash hash) {
        pieces.remove(hash);
        blocks.remove(hash);
    }
}
