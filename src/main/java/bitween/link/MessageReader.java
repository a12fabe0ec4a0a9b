package bitween.link;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds the messages in what one side of a BitTorrent connection sends (BEP 3, "peer messages"), as the bytes pass; looks only at where they begin. Thread: the one
 * that copies.
 */
final class MessageReader {
    static final int CHOKE = 0;
    static final int UNCHOKE = 1;
    static final int INTERESTED = 2;
    static final int NOT_INTERESTED = 3;
    static final int HAVE = 4;
    static final int BITFIELD = 5;
    static final int REQUEST = 6;
    static final int PIECE = 7;
    static final int CANCEL = 8;
    static final int PORT = 9;
    static final int SUGGEST = 13;
    static final int HAVE_ALL = 14;
    static final int HAVE_NONE = 15;
    static final int REJECT = 16;
    static final int ALLOWED_FAST = 17;
    static final int EXTENDED = 20;

    static final int BLOCK_BYTES = 16_384;

    private static final int LENGTH_BYTES = 4;
    private static final int ID_AT = LENGTH_BYTES;
    private static final int BODY_AT = ID_AT + 1;
    /** Length, id, three numbers: of a request. */
    private static final int HEADER_BYTES = BODY_AT + 12;

    private final Messages messages;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    private final byte[] handshake;
    private int shaken;
    /** Of a message whose header is read. */
    private long skip;
    /** The block that is on its way. */
    private boolean underWay;

    private int piece;
    private int begin;

    /** Hears of them. */
    interface Messages {
        /**
         * The handshake comes; it has not passed yet.
         *
         * @param seen how many of its bytes are here
         * @throws IOException to let it not pass
         */
        void handshake(byte[] raw, int seen) throws IOException;

        /**
         * A message begins, which has not passed yet.
         *
         * @param lengthBytes as it says: of its id and its body
         * @param body as much of it as tells what it is about: three numbers of a request, two of a block, a byte of an extension
         * @throws IOException to let it not pass
         */
        void message(int id, long lengthBytes, ByteBuffer body) throws IOException;

        /**
         * A block came, whole.
         *
         * @param begin in bytes within the piece; both are as the peer says
         */
        void block(int piece, int begin);
    }

    /** @param shakesHands whether a handshake comes first */
    MessageReader(Messages messages, boolean shakesHands) {
        this.messages = messages;
        handshake = new byte[shakesHands ? PeerHandshake.BYTES : 0];
    }

    /** @param bytes the next ones; stay as they are */
    void see(ByteBuffer bytes) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        shake(rest);
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

    private void shake(ByteBuffer rest) throws IOException {
        int more = Math.min(handshake.length - shaken, rest.remaining());
        if (more > 0) {
            rest.get(handshake, shaken, more);
            shaken += more;
            messages.handshake(handshake, shaken);
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
        if (length > 0) {
            if (seen == LENGTH_BYTES || seen < LENGTH_BYTES + Math.min(length, 1 + needed(header.get(ID_AT)))) {
                return; // more of it tells more
            }
            begins(length);
        }
        skip = length + LENGTH_BYTES - seen;
        header.clear();
    }

    /** Bytes of the body that tell what it is about. */
    private static int needed(int id) {
        return switch (id) {
            case REQUEST, CANCEL, REJECT -> 12;
            case PIECE -> 8;
            case HAVE -> 4;
            case EXTENDED -> 1;
            default -> 0;
        };
    }

    private void begins(long length) throws IOException {
        int id = header.get(ID_AT);
        messages.message(id, length, header.duplicate().flip().position(BODY_AT).slice());
        if (id == PIECE && length >= 1 + needed(PIECE)) {
            underWay = true;
            piece = header.getInt(BODY_AT);
            begin = header.getInt(BODY_AT + 4);
        }
    }
}
