package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CompressedTest {
    private static final int LIMIT = 1 << 20;

    @Test
    void a_document_comes_back_as_it_was_sent() {
        byte[] random = new byte[200_000];
        new Random(1).nextBytes(random);

        assertThat(Compressed.inflate(Compressed.deflate(Bytes.of(random)), LIMIT))
                .isEqualTo(Bytes.of(random));
        assertThat(Compressed.inflate(Compressed.deflate(Bytes.EMPTY), LIMIT)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    @Tag("slow")
    void a_bomb_is_refused_before_it_bursts() {
        Bytes bomb = Compressed.deflate(Bytes.of(new byte[64 << 20]));
        assertThat(bomb.size()).isLessThan(LIMIT);

        assertThatThrownBy(() -> Compressed.inflate(bomb, LIMIT))
                .hasMessage("a friend's device sent a broken document: it is larger than 1048576 bytes");
    }

    @Test
    void what_was_cut_off_is_refused() {
        Bytes whole = Compressed.deflate(Bytes.of(new byte[1_000]));

        assertThatThrownBy(() -> Compressed.inflate(whole.slice(0, whole.size() - 5), LIMIT))
                .hasMessageContaining("ends too early");
        assertThatThrownBy(() -> Compressed.inflate(Bytes.EMPTY, LIMIT)).hasMessageContaining("ends too early");
    }

    @Test
    void what_is_not_compressed_is_refused() {
        assertThatThrownBy(() -> Compressed.inflate(Bytes.of(new byte[] {1, 2, 3, 4, 5}), LIMIT))
                .hasMessageContaining("not compressed");
    }
}
