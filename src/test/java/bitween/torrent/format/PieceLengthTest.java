package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.UserException;
import java.util.List;
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

    @Test
    void a_length_that_somebody_names_is_a_power_of_two_within_the_format() {
        assertThat(List.of(16 << 10, 1 << 20, 16 << 20))
                .allSatisfy(length -> assertThat(PieceLength.checked(length)).isEqualTo(length));
        assertThat(List.of(0, 8 << 10, 300_000, 32 << 20, Integer.MIN_VALUE))
                .allSatisfy(length -> assertThatThrownBy(() -> PieceLength.checked(length))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("a power of two of bytes from 16 KiB to 16 MiB, not " + length));
    }

    @Test
    void pieces_that_would_be_too_many_are_refused() {
        PieceLength.requireEnough(16 << 10, 16L << 30);

        assertThatThrownBy(() -> PieceLength.requireEnough(16 << 10, 17L << 30))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("pieces of 16384 bytes are too short");
    }
}
