package bitween.catalogue;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Sha256;
import bitween.model.UserException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What of a document is other than in one that is held: a list, first the SHA-256 of what comes of it, then by turns a string, which is new, and two numbers: from where, and how
 * many bytes, of what is held; a string ends it. What is moved is found, too, where it is {@value #BLOCK} bytes and more.
 */
final class ByteDifference {
    /** Shorter than what the info dictionary says of a file, and than a digest. */
    private static final int BLOCK = 16;

    /** At each other place of what is held. */
    private static final int STEP = 8;

    private static final int MAX_ELEMENTS = 1_000_000;

    private ByteDifference() {}

    static Bytes between(Bytes held, Bytes wanted) {
        byte[] from = held.toArray();
        byte[] to = wanted.toArray();
        Index index = new Index(from);
        BencodeWriter writer = new BencodeWriter().beginList().string(sha256(wanted));
        int written = 0;
        int at = 0;
        while (at + BLOCK <= to.length) {
            int found = index.find(to, at);
            if (found < 0) {
                at++;
                continue;
            }
            int back = 0;
            while (back < Math.min(at - written, found) && to[at - back - 1] == from[found - back - 1]) {
                back++;
            }
            int end = at + BLOCK;
            int fromEnd = found + BLOCK;
            while (end < to.length && fromEnd < from.length && to[end] == from[fromEnd]) {
                end++;
                fromEnd++;
            }
            literal(writer, to, written, at - back);
            writer.integer(found - back).integer(end - at + back);
            written = end;
            at = end;
        }
        literal(writer, to, written, to.length);
        return writer.end().toBytes();
    }

    private static void literal(BencodeWriter writer, byte[] bytes, int from, int to) {
        writer.string(Bytes.of(Arrays.copyOfRange(bytes, from, to)));
    }

    /**
     * @param limit of what comes of it, in bytes
     * @throws UserException BAD_METADATA: it was not made for what is held, or is none
     */
    static Bytes apply(Bytes held, Bytes difference, int limit) {
        byte[] from = held.toArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(limit, from.length + difference.size()));
        try {
            BencodeReader reader = BencodeReader.of(difference, limit, MAX_ELEMENTS);
            reader.beginList();
            Bytes digest = Bytes.of(reader.string());
            add(out, reader.string(), limit);
            while (reader.hasMore()) {
                long offset = reader.integer();
                long length = reader.integer();
                if (offset < 0 || length < 0 || offset > from.length || length > from.length - offset) {
                    throw new IllegalArgumentException("it takes what is not held");
                }
                requireRoom(out.size() + length, limit);
                out.write(from, (int) offset, (int) length);
                add(out, reader.string(), limit);
            }
            reader.end();
            reader.finish();
            Bytes result = Bytes.of(out.toByteArray());
            if (!sha256(result).equals(digest)) {
                throw new IllegalArgumentException("what comes of it is not what was meant");
            }
            return result;
        } catch (BencodeException | IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_METADATA, "a friend's device sent a broken difference: " + e.getMessage(), "", e);
        }
    }

    private static void add(ByteArrayOutputStream out, byte[] fresh, int limit) {
        requireRoom((long) out.size() + fresh.length, limit);
        out.writeBytes(fresh);
    }

    private static void requireRoom(long bytes, int limit) {
        if (bytes > limit) {
            throw new IllegalArgumentException("more than " + limit + " bytes come of it");
        }
    }

    private static Bytes sha256(Bytes bytes) {
        return Bytes.of(Sha256.of(bytes.toArray()));
    }

    /** Where each block of what is held begins; of those that are alike, the first. */
    private static final class Index {
        private final byte[] from;
        private final ByteBuffer words;
        private final int[] places;

        Index(byte[] from) {
            this.from = from;
            words = ByteBuffer.wrap(from).order(ByteOrder.LITTLE_ENDIAN);
            places = new int[Integer.highestOneBit(Math.max(4, from.length / STEP)) * 4];
            for (int at = 0; at + BLOCK <= from.length; at += STEP) {
                int slot = slot(words, at);
                for (int tries = 0; tries < 16; tries++) { // of many that are alike or meet here, a few are enough
                    if (places[slot] == 0) {
                        places[slot] = at + 1;
                        break;
                    }
                    if (isSame(from, at, places[slot] - 1)) {
                        break;
                    }
                    slot = slot + 1 & places.length - 1;
                }
            }
        }

        /** @return -1: nowhere */
        int find(byte[] in, int at) {
            int slot = slot(ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN), at);
            for (int tries = 0; tries < 16 && places[slot] != 0; tries++) {
                if (isSame(in, at, places[slot] - 1)) {
                    return places[slot] - 1;
                }
                slot = slot + 1 & places.length - 1;
            }
            return -1;
        }

        private boolean isSame(byte[] in, int at, int place) {
            return Arrays.equals(in, at, at + BLOCK, from, place, place + BLOCK);
        }

        private int slot(ByteBuffer bytes, int at) {
            long mixed = bytes.getLong(at) * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(bytes.getLong(at + 8), 29);
            mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
            return (int) (mixed >>> 33) & places.length - 1;
        }
    }
}
