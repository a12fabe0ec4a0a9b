package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PieceLengthTest {
    @ParameterizedTest
    @CsvSource({
        "0, 262144",
        "268435456, 262144",
        "268435457, 1048576",
        "34359738368, 1048576",
        "34359738369, 4194304",
        "274877906944, 4194304",
        "274877906945, 16777216",
        "17592186044415, 16777216"
    })
    void pieces_grow_with_the_share(long totalBytes, int pieceLength) {
        assertThat(PieceLength.of(totalBytes)).isEqualTo(pieceLength);
    }

    @Test
    void the_hashes_of_the_largest_share_leave_room_for_names() {
        long pieces = InfoRules.MAX_TOTAL_BYTES / PieceLength.of(InfoRules.MAX_TOTAL_BYTES) + 1;

        assertThat(pieces * InfoDictionary.PIECE_HASH_BYTES).isLessThan(InfoRules.MAX_BYTES * 2L / 3);
    }
}
