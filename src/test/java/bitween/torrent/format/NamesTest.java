package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "...",
                ".bashrc",
                "a.",
                " a ",
                "-rf",
                "CON",
                "a:b",
                "what?",
                "Übung",
                "日本語",
                "😀.txt",
                "e\u0301",
                "\u200b",
                "~",
                "..a",
                "_____padding_fil",
                "'\"$(x)`"
            })
    void names_that_linux_people_use_are_fine(String name) {
        assertThat(Names.refusal(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is no name",
                ".|is no name",
                "..|is no name",
                "a/b|slash",
                "a\\b|backslash",
                "a\u001b[2J|U+001B",
                "x\u007f|U+007F",
                "x\u009b1m|U+009B",
                "evil\u202egpj.exe|U+202E",
                "\u2066a|U+2066",
                "\u200ea|U+200E",
                "a\u061c|U+061C",
                "\ufffd|UTF-8",
                "a_____padding_file_0|padding"
            })
    void names_that_deceive_or_break_are_refused(String name, String reason) {
        assertThat(Names.refusal(name)).get().asString().contains(reason);
    }

    @Test
    void a_nul_a_newline_or_half_a_surrogate_pair_is_refused() {
        assertThat(Names.refusal("a\0")).isPresent();
        assertThat(Names.refusal("a\nb")).isPresent();
        assertThat(Names.refusal("a\ud83d")).isPresent();
        assertThat(Names.refusal("\ude00\ud83d")).isPresent();
    }

    @Test
    void length_counts_in_utf8_bytes() {
        assertThat(Names.refusal("ü".repeat(120))).isEmpty();
        assertThat(Names.refusal("a" + "ü".repeat(120))).hasValue("is 241 bytes long, 240 are possible");
    }

    @Test
    void paths_are_64_deep_and_4000_bytes_long_at_most() {
        assertThat(Names.pathRefusal("s", Collections.nCopies(64, "a"))).isEmpty();
        assertThat(Names.pathRefusal("s", Collections.nCopies(65, "a"))).isPresent();
        assertThat(Names.pathRefusal("s", Collections.nCopies(16, "x".repeat(240))))
                .isEmpty();
        assertThat(Names.pathRefusal("s", Collections.nCopies(17, "x".repeat(240))))
                .isPresent();
        assertThat(Names.pathRefusal("s", List.of())).isPresent();
    }

    @Test
    void folding_knows_a_to_z_only() {
        assertThat(Names.folded("ReadMe ÄÖ.TXT")).isEqualTo("readme ÄÖ.txt");
    }

    @Test
    void quoting_shows_what_cannot_be_seen() {
        assertThat(Names.quoted("a\u001b\u202eb😀")).isEqualTo("'a\\u001b\\u202eb😀'");
    }
}
