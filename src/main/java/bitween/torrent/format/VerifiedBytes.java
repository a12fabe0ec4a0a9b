package bitween.torrent.format;

import bitween.model.UserException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * How far a file of a download is here, from a place in it on: what lies on the disk is compared with the hash of its piece, whatever else is known about it. Blocks on
 * the disk.
 */
final class VerifiedBytes {
    private static final Logger log = LogManager.getLogger(VerifiedBytes.class);

    private final InfoDictionary info;
    private final Path root;
    private final FileReading reading;

    /** @param root where the shared file or folder grows */
    VerifiedBytes(InfoDictionary info, Path root, BooleanSupplier cancelled) {
        this.info = info;
        this.root = root;
        reading = new FileReading(cancelled);
    }

    /**
     * @param file its number
     * @param most how much to look at, in bytes; a piece at least
     * @return the end of what is right from {@code offset} on; {@code offset}: nothing is
     */
    long until(int file, long offset, long most) {
        long begin = info.files().stream()
                .limit(file)
                .mapToLong(FileEntry::sizeBytes)
                .sum();
        long size = info.files().get(file).sizeBytes();
        long until = offset;
        while (until < size && until - offset < most) {
            int piece = Math.toIntExact((begin + until) / info.pieceLength());
            if (!isRight(piece)) {
                return until;
            }
            until = Math.min(size, (piece + 1L) * info.pieceLength() - begin);
        }
        return until;
    }

    private boolean isRight(int piece) {
        long start = (long) piece * info.pieceLength();
        long end = Math.min(start + info.pieceLength(), info.totalBytes());
        MessageDigest digest = Digests.sha1();
        long begin = 0;
        try {
            for (FileEntry file : info.files()) {
                long from = Math.max(start, begin);
                long to = Math.min(end, begin + file.sizeBytes());
                if (from < to) {
                    Path path = info.folder() ? Scan.below(root, file.path()) : root;
                    reading.read(path, from - begin, to - from, (block, count) -> digest.update(block, 0, count));
                }
                begin += file.sizeBytes();
            }
        } catch (UserException e) {
            log.trace("piece {} is not here: {}", piece, e.sentence());
            return false;
        }
        byte[] hashes = info.pieces().toArray();
        int at = piece * InfoDictionary.PIECE_HASH_BYTES;
        return Arrays.equals(digest.digest(), Arrays.copyOfRange(hashes, at, at + InfoDictionary.PIECE_HASH_BYTES));
    }
}
