package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({"'', '', 0", "a, '', 1", "abc, abc, 0", "abc, acb, 1", "music, musik, 1", "kitten, sitting, 3"})
    void the_distance_counts_typos(String a, String b, int expected) {
        assertThat(Spelling.distance(a, b)).isEqualTo(expected);
        assertThat(Spelling.distance(b, a)).isEqualTo(expected);
    }

    @Test
    void the_nearest_names_are_suggested_and_no_strangers() {
        List<String> names = List.of("Holiday 2025", "Music", "Musik", "Mosaic", "Taxes");

        assertThat(Spelling.similar(names, "musc")).containsExactly("Music");
        assertThat(Spelling.similar(names, "holiday")).containsExactly("Holiday 2025");
        assertThat(Spelling.suggestion(names, "zzzz")).isEmpty();
        assertThat(Spelling.suggestion(names, "musci")).isEqualTo("did you mean 'Music' or 'Musik'?");
    }
}
