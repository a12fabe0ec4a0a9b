package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrownHeapTest {
    private static final long MIB = 1 << 20;

    private long bytes = 40 * MIB;
    private int looks;
    private final GrownHeap heap = new GrownHeap(() -> bytes, () -> {
        looks++;
        bytes = Math.min(bytes, 60 * MIB);
    });

    @Test
    void a_heap_that_hardly_grew_is_left_alone() {
        bytes += 7 * MIB;

        heap.look();

        assertThat(looks).isZero();
    }

    @Test
    void one_that_grew_is_looked_at_once() {
        bytes = 100 * MIB;

        heap.look();
        heap.look();

        assertThat(looks).isEqualTo(1);
    }

    @Test
    void what_it_needs_is_no_reason_to_look_again_and_what_it_grows_beyond_is() {
        bytes = 100 * MIB;
        heap.look();

        bytes = 67 * MIB;
        heap.look();
        assertThat(looks).isEqualTo(1);
        bytes = 68 * MIB;
        heap.look();

        assertThat(looks).isEqualTo(2);
    }
}
