package bitween.link;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds blocks and requests among what a peer sends after its handshake (BEP 3, "peer messages"), as the bytes pass; looks only at where messages begin. Thread:
 * the one that copies.
 */
final class PieceReader {
    private static final int REQUEST = 6;
    private static final int PIECE = 7;
    /** Length, id, index, begin. */
    private static final int HEADER_BYTES = 13;

    private static final int LENGTH_BYTES = 4;

    private final Messages messages;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    /** Of the handshake, or of a message whose header is read. */
    private long skip;
    /** Of the block that is on its way. */
    private boolean underWay;

    private int piece;
    private int begin;

    /** Hears of them. */
    interface Messages {
        /**
         * One came, whole.
         *
         * @param begin in bytes within the piece; both are as the peer says
         */
        void block(int piece, int begin);

        /**
         * The peer asks for a block; its request has not passed yet.
         *
         * @throws IOException to let it not pass
         */
        void request() throws IOException;
    }

    /** @param skip bytes that come before the first message */
    PieceReader(Messages messages, int skip) {
        this.messages = messages;
        this.skip = skip;
    }

    /** @param bytes the next ones; stay as they are */
    void see(ByteBuffer bytes) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int skipped = (int) Math.min(skip, rest.remaining());
            rest.position(rest.position() + skipped);
            skip -= skipped;
            cameIfWhole();
            while (skip == 0 && rest.hasRemaining()) {
                header.put(rest.get());
                look();
                cameIfWhole();
            }
        }
    }

    private void cameIfWhole() {
        if (underWay && skip == 0) {
            underWay = false;
            messages.block(piece, begin);
        }
    }

    private void look() throws IOException {
        int seen = header.position();
        if (seen < LENGTH_BYTES) {
            return;
        }
        long length = Integer.toUnsignedLong(header.getInt(0));
        boolean block =
                seen > LENGTH_BYTES && header.get(LENGTH_BYTES) == PIECE && length >= HEADER_BYTES - LENGTH_BYTES;
        if (length > 0 && (seen == LENGTH_BYTES || (block && seen < HEADER_BYTES))) {
            return; // more of it tells more
        }
        if (block) {
            underWay = true;
            piece = header.getInt(5);
            begin = header.getInt(9);
        } else if (seen > LENGTH_BYTES && header.get(LENGTH_BYTES) == REQUEST) {
            messages.request();
        }
        skip = length + LENGTH_BYTES - seen;
        header.clear();
    }
}
