package bitween.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks whether SQLite will take all of a write-ahead log: it leaves out what follows the first frame whose checksum is wrong, and says nothing
 * (sqlite.org/fileformat2.html, 4.1 to 4.3). Thread: any.
 */
final class WalCheck {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    /** Its last bit says in which order the checksum takes the bytes. */
    private static final int MAGIC = 0x377f0682;

    private static final int MIN_PAGE_BYTES = 512;
    private static final int MAX_PAGE_BYTES = 65_536;

    private final ByteOrder order;
    private final int salt1;
    private final int salt2;
    private int sum1;
    private int sum2;

    private WalCheck(ByteBuffer header) {
        order = (header.getInt(0) & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        salt1 = header.getInt(16);
        salt2 = header.getInt(20);
    }

    /** @return how many pages were written to it that SQLite will not see; what a power failure has torn off counts as well, though nobody was told of it */
    static long lostPages(Path wal) throws IOException {
        if (!Files.exists(wal) || Files.size(wal) <= HEADER_BYTES) {
            return 0;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(wal)))) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
            WalCheck check = new WalCheck(header);
            int pageBytes = header.getInt(8);
            boolean isLog = (header.getInt(0) & ~1) == MAGIC
                    && pageBytes >= MIN_PAGE_BYTES
                    && pageBytes <= MAX_PAGE_BYTES
                    && Integer.bitCount(pageBytes) == 1;
            if (isLog) {
                check.add(header.slice(0, FRAME_HEADER_BYTES));
                isLog = check.sum1 == header.getInt(24) && check.sum2 == header.getInt(28);
            }
            return isLog ? check.lostFrames(in, pageBytes) : 1 + (Files.size(wal) - HEADER_BYTES) / MAX_PAGE_BYTES;
        }
    }

    private long lostFrames(InputStream in, int pageBytes) throws IOException {
        long lost = 0;
        boolean whole = true;
        while (true) {
            byte[] bytes = in.readNBytes(FRAME_HEADER_BYTES + pageBytes);
            if (bytes.length < FRAME_HEADER_BYTES + pageBytes) {
                return lost;
            }
            ByteBuffer frame = ByteBuffer.wrap(bytes);
            boolean first = frame.getInt(8) == salt1;
            boolean second = frame.getInt(12) == salt2;
            if (whole) {
                add(frame.slice(0, 8));
                add(frame.slice(FRAME_HEADER_BYTES, pageBytes));
                whole = first && second && sum1 == frame.getInt(16) && sum2 == frame.getInt(20);
            }
            if (!whole && (first || second)) {
                lost++; // one of an earlier log that was written over has neither
            }
        }
    }

    private void add(ByteBuffer bytes) {
        ByteBuffer words = bytes.order(order);
        while (words.hasRemaining()) {
            sum1 += words.getInt() + sum2;
            sum2 += words.getInt() + sum1;
        }
    }
}
