package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptsTest {
    @Test
    void commands_are_found_with_what_they_print_in_blocks_alone() {
        assertThat(Transcripts.in(
                        List.of("$ none", "```", "$ a b", "one", "", "two", "$ c", "```", "text", "```sh", "x", "```")))
                .containsExactly(
                        new Transcripts.Step("none", List.of()),
                        new Transcripts.Step("a b", List.of("one", "", "two")),
                        new Transcripts.Step("c", List.of()));
    }

    @Test
    void what_is_another_one_each_time_is_masked_and_nothing_else() {
        assertThat(Transcripts.masked(List.of(
                        "Music  1.2 GB    148  tower  0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
                        "  anchor velvet pigeon harvest",
                        "came       2026-03-01 14:07",
                        "with tower of bob@example.net:",
                        "daemon     bitween 0.1.0, pid 4711, up 5 min")))
                .containsExactly(
                        "Music  SIZE  N  tower  HASH",
                        "  WORDS",
                        "came  TIME",
                        "with tower of bob@DOMAIN:",
                        "daemon  bitween N.N.N, pid N, up LENGTH");
    }
}
