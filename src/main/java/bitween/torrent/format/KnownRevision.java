package bitween.torrent.format;

import bitween.model.Bytes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the last revision of a live share knows of its next: files that look as they did, wherever they are by now, have the digest that they had, and pieces of them
 * that begin where pieces began have their hash. Any thread; nothing changes in it.
 */
public final class KnownRevision implements HashedParts {
    private final InfoDictionary before;
    private final byte[] digests;
    private final long[] offsetsBefore;
    private final long[] offsets;
    private final int pieceLength;
    private final int stretchLength;
    /** By the number of a file, what it was before; -1: unknown. */
    private final int[] same;

    /**
     * @param digests of {@code before}
     * @param stamps likewise
     */
    public KnownRevision(InfoDictionary before, Bytes digests, FileStamps stamps, Scan now) {
        this.before = before;
        this.digests = digests.toArray();
        offsetsBefore = offsets(before.files());
        offsets = offsets(now.files().stream().map(Scan.File::entry).toList());
        pieceLength = now.pieceLength();
        stretchLength = HashJob.stretchLength(pieceLength);
        same = matches(before, stamps, now);
    }

    private static int[] matches(InfoDictionary before, FileStamps stamps, Scan now) {
        Map<FileStamp, Integer> byStamp = new HashMap<>();
        Map<List<String>, Integer> byPath = new HashMap<>();
        for (int file = 0; file < before.files().size(); file++) {
            byStamp.put(stamps.each().get(file), file);
            byPath.put(before.files().get(file).path(), file);
        }
        int[] same = new int[now.files().size()];
        FileStamps seen = FileStamps.of(now);
        for (int file = 0; file < same.length; file++) {
            FileStamp stamp = seen.each().get(file);
            Integer there = byPath.get(now.files().get(file).entry().path());
            Integer moved = stamp.inode() == 0 ? null : byStamp.get(stamp);
            if (there != null && stamps.each().get(there).equals(stamp)) {
                same[file] = there;
            } else {
                same[file] = moved == null ? -1 : moved;
            }
        }
        return same;
    }

    private static long[] offsets(List<FileEntry> files) {
        long[] offsets = new long[files.size() + 1];
        for (int file = 0; file < files.size(); file++) {
            offsets[file + 1] = offsets[file] + files.get(file).sizeBytes();
        }
        return offsets;
    }

    @Override
    public BitSet changed() {
        return new BitSet();
    }

    @Override
    public @Nullable Bytes digest(int file) {
        return same[file] < 0 ? null : Bytes.of(sha256(same[file]));
    }

    private byte[] sha256(int file) {
        int from = file * Digests.SHA256_BYTES;
        return Arrays.copyOfRange(digests, from, from + Digests.SHA256_BYTES);
    }

    @Override
    public @Nullable Bytes stretch(int number) {
        if (before.pieceLength() != pieceLength) {
            return null;
        }
        long total = offsets[offsets.length - 1];
        long start = (long) number * stretchLength;
        long end = Math.min(start + stretchLength, total);
        int first = firstAt(start);
        int pieces = Math.toIntExact((end - start + pieceLength - 1) / pieceLength);
        byte[] hashes = new byte[pieces * InfoDictionary.PIECE_HASH_BYTES];
        byte[] known = before.pieces().toArray();
        int file = first;
        for (int piece = 0; piece < pieces; piece++) {
            long from = start + (long) piece * pieceLength;
            while (offsets[file + 1] <= from) {
                file++;
            }
            int then = pieceBefore(file, from, Math.min(from + pieceLength, total));
            if (then < 0) {
                return null;
            }
            System.arraycopy(
                    known,
                    then * InfoDictionary.PIECE_HASH_BYTES,
                    hashes,
                    piece * InfoDictionary.PIECE_HASH_BYTES,
                    InfoDictionary.PIECE_HASH_BYTES);
        }
        return withDigests(hashes, first, start, end);
    }

    /** Of files that lie within the stretch, and have content. */
    private Bytes withDigests(byte[] hashes, int first, long start, long end) {
        byte[] all = hashes;
        int length = hashes.length;
        for (int file = first; file < same.length && offsets[file] < end; file++) {
            if (offsets[file] >= start && offsets[file + 1] <= end && offsets[file] < offsets[file + 1]) {
                if (length + Digests.SHA256_BYTES > all.length) {
                    all = Arrays.copyOf(all, 2 * all.length + Digests.SHA256_BYTES);
                }
                System.arraycopy(sha256(same[file]), 0, all, length, Digests.SHA256_BYTES);
                length += Digests.SHA256_BYTES;
            }
        }
        return Bytes.of(Arrays.copyOf(all, length));
    }

    /**
     * Which piece had these bytes.
     *
     * @param file in which they begin
     * @return -1: none that is known
     */
    private int pieceBefore(int file, long from, long to) {
        long shift = 0;
        for (int at = file; at < same.length && offsets[at] < to; at++) {
            if (offsets[at] == offsets[at + 1]) {
                continue;
            }
            if (same[at] < 0) {
                return -1;
            }
            long moved = offsetsBefore[same[at]] - offsets[at];
            if (at != file && moved != shift) {
                return -1;
            }
            shift = moved;
        }
        long then = from + shift;
        long ends = Math.min(then + pieceLength, offsetsBefore[offsetsBefore.length - 1]);
        return then < 0 || then % pieceLength != 0 || ends != to + shift ? -1 : Math.toIntExact(then / pieceLength);
    }

    /** The first file that reaches over {@code offset}, or begins there and has content. */
    private int firstAt(long offset) {
        int low = 0;
        int high = same.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offsets[middle + 1] > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Override
    public void forget(BitSet stretches, BitSet files) {}

    @Override
    public void hashed(int stretch, Bytes hashes, long bytes) {}

    @Override
    public void digested(int file, Bytes digest, long bytes) {}
}
