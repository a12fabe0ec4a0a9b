package bitween.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A revision that a live share was, and of which there is still every byte.
 *
 * @param number from 1
 */
public record Former(int number, InfoHash hash) {
    /** Of one share: as many as are remembered, but for the one that is offered. */
    public static final int MAX_KEPT = Revision.MAX_KEPT - 1;

    private static final int HASH_BYTES = 20;
    private static final int BYTES = Integer.BYTES + HASH_BYTES;

    public Former {
        if (number < 1) {
            throw new IllegalArgumentException("revisions are counted from 1, not " + number);
        }
    }

    /** As they are stored and sent: number (4 bytes, big-endian) and info-hash (20) of each, one after the other. */
    public static Bytes encoded(List<Former> formers) {
        ByteBuffer encoded = ByteBuffer.allocate(formers.size() * BYTES);
        formers.forEach(
                former -> encoded.putInt(former.number()).put(former.hash().bytes()));
        return Bytes.of(encoded.array());
    }

    /** @throws IllegalArgumentException when these are none, or too many */
    public static List<Former> decoded(byte[] encoded) {
        if (encoded.length % BYTES != 0 || encoded.length > MAX_KEPT * BYTES) {
            throw new IllegalArgumentException(encoded.length + " bytes are no list of revisions");
        }
        List<Former> formers = new ArrayList<>();
        for (int from = 0; from < encoded.length; from += BYTES) {
            formers.add(new Former(
                    ByteBuffer.wrap(encoded, from, Integer.BYTES).getInt(),
                    InfoHash.of(Arrays.copyOfRange(encoded, from + Integer.BYTES, from + BYTES))));
        }
        return List.copyOf(formers);
    }
}
