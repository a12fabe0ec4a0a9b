package bitween.torrent.format;

import bitween.model.Bytes;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of hashing one share. A stretch of some pieces is read once for their SHA-1 and for the SHA-256 of files
 * that lie within it. A file that reaches over the end of a stretch has its SHA-256 made by a lane of its own beside,
 * which begins with the file's first stretch: both read the same place at about the same time, so the disk is read once
 * and the page cache twice.
 */
final class HashJob {
    /** Some milliseconds of work, and many small files. */
    private static final int STRETCH_BYTES = 8 << 20;

    private final Scan scan;
    private final HashedParts parts;
    private final FileReading reading;
    private final LongConsumer progress;
    private final int pieceLength;
    private final int stretchLength;
    private final long totalBytes;
    private final long[] offsets;
    private final byte[] pieces;
    private final byte[] digests;
    private final AtomicLong digestedBytes = new AtomicLong();
    private long nextStretch;
    private int nextLane;

    HashJob(Scan scan, HashedParts parts, BooleanSupplier cancelled, LongConsumer progress) {
        this.scan = scan;
        this.parts = parts;
        this.reading = new FileReading(cancelled);
        this.progress = progress;
        int files = scan.files().size();
        offsets = new long[files + 1];
        digests = new byte[files * Digests.SHA256_BYTES];
        byte[] ofNothing = Digests.sha256().digest();
        for (int i = 0; i < files; i++) {
            offsets[i + 1] = offsets[i] + scan.files().get(i).entry().sizeBytes();
            putDigest(i, ofNothing);
        }
        totalBytes = offsets[files];
        pieceLength = scan.pieceLength();
        stretchLength = stretchLength(pieceLength);
        long count = (totalBytes + pieceLength - 1) / pieceLength;
        pieces = new byte[Math.toIntExact(count * InfoDictionary.PIECE_HASH_BYTES)];
        forgetChanged(parts.changed());
    }

    static int stretchLength(int pieceLength) {
        return Math.max(STRETCH_BYTES, pieceLength);
    }

    private void forgetChanged(BitSet files) {
        BitSet stretches = new BitSet();
        files.stream()
                .filter(file -> offsets[file] < offsets[file + 1])
                .forEach(file -> stretches.set(stretchAt(offsets[file]), stretchAt(offsets[file + 1] - 1) + 1));
        if (!files.isEmpty()) {
            parts.forget(stretches, files);
        }
    }

    private int stretchAt(long offset) {
        return Math.toIntExact(offset / stretchLength);
    }

    /** The lanes of files that begin in the next stretch, then the stretch. */
    synchronized HashThreads.@Nullable Step next() {
        while (true) {
            long start = nextStretch;
            long end = Math.min(start + stretchLength, totalBytes);
            while (nextLane < scan.files().size() && offsets[nextLane] < end) {
                int file = nextLane++;
                if (hasLane(file) && !isDigested(file)) {
                    return lane(file);
                }
            }
            if (start == totalBytes) {
                return null;
            }
            nextStretch = end;
            if (!isHashed(start, end)) {
                return () -> {
                    hashStretch(start, end);
                    return null;
                };
            }
        }
    }

    private DigestLane lane(int file) {
        long size = offsets[file + 1] - offsets[file];
        return new DigestLane(reading, path(file), size, this::digested, digest -> {
            putDigest(file, digest);
            parts.digested(file, Bytes.of(digest), size);
        });
    }

    /** Takes what an earlier run knew of it. */
    private boolean isDigested(int file) {
        Bytes known = parts.digest(file);
        if (known == null || known.size() != Digests.SHA256_BYTES) {
            return false;
        }
        putDigest(file, known.toArray());
        digested(offsets[file + 1] - offsets[file]);
        return true;
    }

    /** Takes what an earlier run knew of it. */
    private boolean isHashed(long start, long end) {
        Bytes known = parts.stretch(stretchAt(start));
        int[] within = filesWithin(start, end);
        int hashes = piecesIn(start, end) * InfoDictionary.PIECE_HASH_BYTES;
        if (known == null || known.size() != hashes + within.length * Digests.SHA256_BYTES) {
            return false;
        }
        byte[] bytes = known.toArray();
        System.arraycopy(bytes, 0, pieces, firstHash(start), hashes);
        long read = end - start;
        for (int i = 0; i < within.length; i++) {
            int at = hashes + i * Digests.SHA256_BYTES;
            putDigest(within[i], Arrays.copyOfRange(bytes, at, at + Digests.SHA256_BYTES));
            read += offsets[within[i] + 1] - offsets[within[i]];
        }
        digested(read);
        return true;
    }

    private void keep(long start, long end) {
        int[] within = filesWithin(start, end);
        int hashes = piecesIn(start, end) * InfoDictionary.PIECE_HASH_BYTES;
        byte[] bytes = new byte[hashes + within.length * Digests.SHA256_BYTES];
        System.arraycopy(pieces, firstHash(start), bytes, 0, hashes);
        for (int i = 0; i < within.length; i++) {
            System.arraycopy(
                    digests,
                    within[i] * Digests.SHA256_BYTES,
                    bytes,
                    hashes + i * Digests.SHA256_BYTES,
                    Digests.SHA256_BYTES);
        }
        parts.hashed(stretchAt(start), Bytes.of(bytes), end - start);
    }

    /** Files with content that begin and end in the stretch. */
    private int[] filesWithin(long start, long end) {
        return IntStream.range(firstAt(start), scan.files().size())
                .takeWhile(file -> offsets[file] < end)
                .filter(file -> offsets[file] >= start && offsets[file] < offsets[file + 1] && !hasLane(file))
                .toArray();
    }

    private int piecesIn(long start, long end) {
        return Math.toIntExact((end - start + pieceLength - 1) / pieceLength);
    }

    private int firstHash(long start) {
        return Math.toIntExact(start / pieceLength) * InfoDictionary.PIECE_HASH_BYTES;
    }

    /** After all steps. Files of one stretch were checked with it. */
    HashedShare result(Bytes salt) {
        for (int file = 0; file < scan.files().size(); file++) {
            if (hasLane(file) || totalBytes == 0) {
                FileReading.checkUnchanged(path(file), scan.files().get(file));
            }
        }
        List<FileEntry> files = scan.files().stream().map(Scan.File::entry).toList();
        InfoDictionary info = new InfoDictionary(
                scan.name(), pieceLength, Bytes.of(pieces), scan.folder(), files, scan.emptyFolders(), salt);
        return new HashedShare(info, info.encoded(), Bytes.of(digests), FileStamps.of(scan));
    }

    private void hashStretch(long start, long end) {
        PieceHashes hashes = new PieceHashes(start, end);
        MessageDigest whole = Digests.sha256();
        for (int file = firstAt(start); file < scan.files().size() && offsets[file] <= end; file++) {
            long from = Math.max(start, offsets[file]);
            long to = Math.min(end, offsets[file + 1]);
            boolean lane = hasLane(file);
            if (from < to) {
                reading.read(path(file), from - offsets[file], to - from, (block, count) -> {
                    hashes.update(block, count);
                    if (!lane) {
                        whole.update(block, 0, count);
                    }
                    digested(lane ? count : 2L * count);
                });
                if (!lane) {
                    putDigest(file, whole.digest());
                }
            }
            if (!lane && to == offsets[file + 1]) {
                FileReading.checkUnchanged(path(file), scan.files().get(file));
            }
        }
        keep(start, end);
    }

    /** Whether the file reaches over the end of a stretch. */
    private boolean hasLane(int file) {
        return offsets[file] < offsets[file + 1]
                && offsets[file] / stretchLength != (offsets[file + 1] - 1) / stretchLength;
    }

    /** The first file that begins at or reaches over {@code offset}. */
    private int firstAt(long offset) {
        int found = Arrays.binarySearch(offsets, offset);
        int file = found >= 0 ? found : -found - 2;
        while (file > 0 && offsets[file - 1] == offset) {
            file--;
        }
        return file;
    }

    private Path path(int file) {
        return scan.path(scan.files().get(file).entry());
    }

    private void putDigest(int file, byte[] digest) {
        System.arraycopy(digest, 0, digests, file * Digests.SHA256_BYTES, Digests.SHA256_BYTES);
    }

    /** Each byte counts twice: once for its piece, once for its file. */
    private void digested(long bytes) {
        progress.accept(digestedBytes.addAndGet(bytes) / 2);
    }

    /** The SHA-1 of the pieces of one stretch, whose bytes come in order. */
    private final class PieceHashes {
        private final MessageDigest digest = Digests.sha1();
        private final long end;
        private long at;

        PieceHashes(long start, long end) {
            this.at = start;
            this.end = end;
        }

        void update(byte[] block, int length) {
            int taken = 0;
            while (taken < length) {
                int count = (int) Math.min(length - taken, pieceLength - at % pieceLength);
                digest.update(block, taken, count);
                taken += count;
                at += count;
                if (at % pieceLength == 0 || at == end) {
                    finishPiece();
                }
            }
        }

        private void finishPiece() {
            int piece = (int) ((at - 1) / pieceLength);
            try {
                digest.digest(pieces, piece * InfoDictionary.PIECE_HASH_BYTES, InfoDictionary.PIECE_HASH_BYTES);
            } catch (DigestException e) {
                throw new IllegalStateException("no room for the hash of piece " + piece, e);
            }
        }
    }
}
