package bitween.torrent;

import bitween.torrent.format.Chosen;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.util.BitSet;
import java.util.Map;

/**
 * What resume data say is here. Immutable.
 *
 * @param pieces that are whole
 * @param blocks of others, by piece
 */
public record Recalled(BitSet pieces, Map<Integer, BitSet> blocks) {
    static final Recalled NOTHING = new Recalled(new BitSet(), Map.of());

    public Recalled {
        pieces = (BitSet) pieces.clone();
        blocks = Map.copyOf(blocks);
    }

    /** How many bytes of these files. */
    long bytesOf(Chosen files) {
        InfoDictionary info = files.info();
        long bytes = 0;
        long begin = 0;
        for (int file = 0; file < info.files().size(); file++) {
            FileEntry entry = info.files().get(file);
            long end = begin + entry.sizeBytes();
            if (files.has(file) && end > begin) {
                bytes += bytesBetween(info, begin, end);
            }
            begin = end;
        }
        return bytes;
    }

    private long bytesBetween(InfoDictionary info, long begin, long end) {
        long bytes = 0;
        for (long at = begin; at < end; ) {
            int piece = (int) (at / info.pieceLength());
            long pieceBegin = (long) piece * info.pieceLength();
            long until = Math.min(end, pieceBegin + info.pieceLength());
            BitSet some = blocks.get(piece);
            if (pieces.get(piece)) {
                bytes += until - at;
            } else if (some != null) {
                bytes += bytesOfBlocks(some, at - pieceBegin, until - pieceBegin);
            }
            at = until;
        }
        return bytes;
    }

    private static long bytesOfBlocks(BitSet some, long from, long until) {
        return some.stream()
                .mapToLong(block -> Math.min(until, (block + 1L) * InfoDictionary.BLOCK_BYTES)
                        - Math.max(from, (long) block * InfoDictionary.BLOCK_BYTES))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
