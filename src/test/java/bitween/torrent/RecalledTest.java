package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three pieces of sixteen blocks, and one of 100 bytes; the first file ends in the second block of the second piece. */
class RecalledTest {
    private static final int BLOCK = 16_384;
    private static final int PIECE = 16 * BLOCK;
    private static final int FIRST = PIECE + BLOCK + 10;
    private static final InfoDictionary INFO = new InfoDictionary(
            "music",
            PIECE,
            Bytes.of(new byte[4 * 20]),
            true,
            List.of(new FileEntry(List.of("a"), FIRST), new FileEntry(List.of("b"), 3 * PIECE + 100 - FIRST)),
            List.of(),
            Bytes.of(new byte[16]));

    private static final Chosen ALL = Chosen.all(INFO);
    private static final Chosen A = Chosen.of(INFO, BitSet.valueOf(new long[] {1}), List.of());
    private static final Chosen B = Chosen.of(INFO, BitSet.valueOf(new long[] {2}), List.of());

    private static BitSet bits(int... numbers) {
        BitSet bits = new BitSet();
        for (int number : numbers) {
            bits.set(number);
        }
        return bits;
    }

    @Test
    void whole_pieces_count_for_each_file_with_what_it_has_of_them() {
        Recalled recalled = new Recalled(bits(1, 3), Map.of());

        assertThat(recalled.bytesOf(ALL)).isEqualTo(PIECE + 100);
        assertThat(recalled.bytesOf(A)).isEqualTo(BLOCK + 10);
        assertThat(recalled.bytesOf(B)).isEqualTo(PIECE - BLOCK - 10 + 100);
    }

    @Test
    void so_do_the_blocks_of_pieces_that_are_not() {
        Recalled recalled = new Recalled(bits(), Map.of(1, bits(1, 15), 3, bits(0)));

        assertThat(recalled.bytesOf(ALL)).isEqualTo(2 * BLOCK + 100);
        assertThat(recalled.bytesOf(A)).isEqualTo(10);
        assertThat(recalled.bytesOf(B)).isEqualTo(2 * BLOCK - 10 + 100);
    }

    @Test
    void all_is_all_and_nothing_is_nothing() {
        assertThat(new Recalled(bits(0, 1, 2, 3), Map.of(2, bits(0))).bytesOf(ALL))
                .isEqualTo(INFO.totalBytes());
        assertThat(Recalled.NOTHING.bytesOf(ALL)).isZero();
    }
}
