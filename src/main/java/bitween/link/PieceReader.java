package bitween.link;

import java.nio.ByteBuffer;

/**
 * Finds the blocks among what a peer sends after its handshake (BEP 3, "peer messages"), as the bytes pass; looks only at where messages begin. Thread: the one
 * that copies.
 */
final class PieceReader {
    private static final int PIECE = 7;
    /** Length, id, index, begin. */
    private static final int HEADER_BYTES = 13;

    private static final int LENGTH_BYTES = 4;

    private final Blocks blocks;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    /** Of the handshake, or of a message whose header is read. */
    private long skip = PeerHandshake.BYTES;

    /** Hears of each block. */
    interface Blocks {
        /** @param begin in bytes within the piece; both are as the peer says */
        void came(int piece, int begin);
    }

    PieceReader(Blocks blocks) {
        this.blocks = blocks;
    }

    /** @param bytes the next ones; stay as they are */
    void see(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int skipped = (int) Math.min(skip, rest.remaining());
            rest.position(rest.position() + skipped);
            skip -= skipped;
            while (skip == 0 && rest.hasRemaining()) {
                header.put(rest.get());
                look();
            }
        }
    }

    private void look() {
        int seen = header.position();
        if (seen < LENGTH_BYTES) {
            return;
        }
        long length = Integer.toUnsignedLong(header.getInt(0));
        boolean piece =
                seen > LENGTH_BYTES && header.get(LENGTH_BYTES) == PIECE && length >= HEADER_BYTES - LENGTH_BYTES;
        if (length > 0 && (seen == LENGTH_BYTES || (piece && seen < HEADER_BYTES))) {
            return; // more of it tells more
        }
        if (piece) {
            blocks.came(header.getInt(5), header.getInt(9));
        }
        skip = length + LENGTH_BYTES - seen;
        header.clear();
    }
}
