package bitween.torrent.format;

import bitween.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What tells whether hashes of an earlier scan are still good.
 *
 * @param layout of paths, sizes and the piece length: whatever was hashed of another one is worth nothing
 * @param stamps of the size, the last change and the inode of each file, {@value #STAMP_BYTES} bytes each
 */
public record ScanStamps(Bytes layout, Bytes stamps) {
    static final int STAMP_BYTES = 16;

    public static ScanStamps of(Scan scan) {
        MessageDigest layout = Digests.sha256();
        add(layout, Integer.toString(scan.pieceLength()));
        ByteArrayOutputStream stamps =
                new ByteArrayOutputStream(STAMP_BYTES * scan.files().size());
        for (Scan.File file : scan.files()) {
            add(layout, String.join("/", file.entry().path()));
            add(layout, Long.toString(file.entry().sizeBytes()));
            MessageDigest stamp = Digests.sha256();
            add(stamp, Long.toString(file.entry().sizeBytes()));
            add(stamp, file.modified().toString());
            add(stamp, String.valueOf(file.key()));
            stamps.write(stamp.digest(), 0, STAMP_BYTES);
        }
        return new ScanStamps(Bytes.of(layout.digest()), Bytes.of(stamps.toByteArray()));
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0); // which no path has
    }

    /** Which files are not as they were, by number; both are of one layout. */
    public BitSet changedSince(ScanStamps before) {
        byte[] then = before.stamps().toArray();
        byte[] now = stamps.toArray();
        BitSet changed = new BitSet();
        for (int at = 0; at < now.length; at += STAMP_BYTES) {
            changed.set(at / STAMP_BYTES, !Arrays.equals(then, at, at + STAMP_BYTES, now, at, at + STAMP_BYTES));
        }
        return changed;
    }
}
