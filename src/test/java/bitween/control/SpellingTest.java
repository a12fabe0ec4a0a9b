package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    @Test
    void the_nearest_names_are_suggested_and_no_strangers() {
        List<String> names = List.of("Holiday 2025", "Music", "Musik", "Mosaic", "Taxes");

        assertThat(Spelling.similar(names, "musc")).containsExactly("Music");
        assertThat(Spelling.similar(names, "holiday")).containsExactly("Holiday 2025");
        assertThat(Spelling.suggestion(names, "zzzz")).isEmpty();
        assertThat(Spelling.suggestion(names, "musci")).isEqualTo("did you mean 'Music' or 'Musik'?");
    }
}
