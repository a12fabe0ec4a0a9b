package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TyposTest {
    @ParameterizedTest
    @CsvSource({"'', '', 0", "a, '', 1", "abc, abc, 0", "abc, acb, 1", "music, musik, 1", "kitten, sitting, 3"})
    void the_distance_counts_typos(String a, String b, int expected) {
        assertThat(Typos.between(a, b)).isEqualTo(expected);
        assertThat(Typos.between(b, a)).isEqualTo(expected);
    }
}
