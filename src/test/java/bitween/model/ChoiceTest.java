package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    private static final List<List<String>> FILES = Stream.of(
                    "cover.jpg", "Live/1.flac", "Live/Bonus/2.flac", "Live/front.jpg", "Live [2]/*.flac", "notes")
            .map(path -> List.of(path.split("/")))
            .toList();

    @Test
    void a_path_is_a_file_or_all_of_a_folder_whatever_signs_are_in_it() {
        assertThat(fits(Choice.path(List.of("Live", "1.flac")))).containsExactly("Live/1.flac");
        assertThat(fits(Choice.path(List.of("Live"))))
                .containsExactly("Live/1.flac", "Live/Bonus/2.flac", "Live/front.jpg");
        assertThat(fits(Choice.path(List.of("Live [2]", "*.flac")))).containsExactly("Live [2]/*.flac");
        assertThat(fits(Choice.path(List.of("Liv")))).isEmpty();
    }

    @Test
    void a_pattern_without_a_slash_is_a_name_anywhere() {
        assertThat(fits(Choice.glob(List.of(), "*.jpg"))).containsExactly("cover.jpg", "Live/front.jpg");
        assertThat(fits(Choice.glob(List.of(), "Bonus"))).containsExactly("Live/Bonus/2.flac");
        assertThat(fits(Choice.glob(List.of("Live"), "*.jpg"))).containsExactly("Live/front.jpg");
    }

    @Test
    void a_pattern_with_a_slash_is_a_path() {
        assertThat(fits(Choice.glob(List.of(), "/*.jpg"))).containsExactly("cover.jpg");
        assertThat(fits(Choice.glob(List.of(), "Live/*.flac"))).containsExactly("Live/1.flac");
        assertThat(fits(Choice.glob(List.of(), "**/*.flac")))
                .containsExactly("Live/1.flac", "Live/Bonus/2.flac", "Live [2]/*.flac");
        assertThat(fits(Choice.glob(List.of(), "Live/Bonus/"))).containsExactly("Live/Bonus/2.flac");
    }

    @Test
    void all_is_all() {
        assertThat(fits(Choice.ALL)).hasSize(FILES.size());
        assertThat(Choice.ALL).hasToString("all");
        assertThat(Choice.glob(List.of("Live"), "*.jpg")).hasToString("Live/*.jpg");
    }

    @Test
    void what_is_no_pattern_is_refused() {
        assertThatThrownBy(() -> Choice.glob(List.of(), "//")).hasMessageContaining("is no pattern, such as '*.mkv'");
        assertThatThrownBy(() -> Choice.glob(List.of(), "a\tb")).hasMessageContaining("control characters");
        assertThatThrownBy(() -> Choice.glob(List.of(), "ü".repeat(2_100))).hasMessageContaining("4096 bytes");
    }

    @Test
    void what_fits_nothing_names_what_is_there() {
        List<String> names =
                Stream.iterate(1, i -> i + 1).limit(20).map(i -> "f" + i).toList();

        UserException unfit = Choice.glob(List.of(), "*.mkv").unfit("alice/Music", names);

        assertThat(unfit.sentence()).isEqualTo("'*.mkv' fits nothing in alice/Music");
        assertThat(unfit.hint()).isEqualTo("in it are 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8' and 12 more");
    }

    private static List<String> fits(Choice choice) {
        return FILES.stream()
                .filter(choice.test())
                .map(path -> String.join("/", path))
                .toList();
    }
}
