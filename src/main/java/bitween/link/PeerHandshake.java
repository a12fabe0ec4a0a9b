package bitween.link;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Offence;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first 68 bytes of a BitTorrent connection in each direction (BEP 3, "peer protocol"): 19, "BitTorrent protocol", 8 reserved bytes, info-hash, peer id.
 *
 * @param hash what the connection is about
 * @param raw all 68 bytes
 */
record PeerHandshake(InfoHash hash, Bytes raw) {
    static final int BYTES = 68;

    private static final byte[] PROTOCOL = "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);
    static final int HASH_AT = PROTOCOL.length + 8;
    private static final int HASH_BYTES = 20;

    /** Where bytes come from, some at a time. */
    interface Source {
        /** @return how many bytes were put into {@code into}; negative at the end */
        int read(ByteBuffer into) throws IOException;
    }

    /**
     * Accumulates a handshake, which may come in pieces.
     *
     * @throws IOException when the source ends before, or sends anything else; it is not read further than the first byte that is wrong allows to tell
     */
    static PeerHandshake read(Source source) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        while (bytes.hasRemaining()) {
            if (source.read(bytes) < 0) {
                throw new EOFException(
                        "ended after " + bytes.position() + " of the " + BYTES + " bytes of a handshake");
            }
            check(bytes.array(), bytes.position());
        }
        return of(bytes.array());
    }

    /**
     * Looks at the beginning of what should be one.
     *
     * @param seen how many bytes of it came
     * @throws OffenceException when it is none
     */
    static void check(byte[] raw, int seen) throws OffenceException {
        int known = Math.min(seen, PROTOCOL.length);
        if (!Arrays.equals(raw, 0, known, PROTOCOL, 0, known)) {
            throw new OffenceException(Offence.OTHER_PROTOCOL, "no handshake of BitTorrent");
        }
    }

    /** @param raw checked */
    static PeerHandshake of(byte[] raw) {
        String hash = HexFormat.of().formatHex(raw, HASH_AT, HASH_AT + HASH_BYTES);
        return new PeerHandshake(new InfoHash(hash), Bytes.of(raw));
    }

    /** The same one about another hash. */
    PeerHandshake about(InfoHash other) {
        byte[] changed = raw.toArray();
        new HashSwap(other).pass(ByteBuffer.wrap(changed));
        return of(changed);
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(raw.toArray());
    }
}
