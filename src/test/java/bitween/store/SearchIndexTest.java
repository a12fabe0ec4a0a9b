package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.files.PrivateFiles;
import bitween.model.ContentId;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.UserException;
import bitween.store.SearchIndex.Hit;
import bitween.store.SearchIndex.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchIndexTest {
    private static final InfoHash MUSIC = new InfoHash("a".repeat(40));
    private static final InfoHash FILMS = new InfoHash("b".repeat(40));

    @TempDir
    Path temp;

    private SearchIndex index;

    @BeforeEach
    void open() {
        PrivateFiles.directory(temp.resolve("data"));
        index = SearchIndex.open(file());
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void shares_and_files_are_found_by_all_the_words_shares_first() {
        index.add(List.of(share(MUSIC, "Musik von Älvdalen", 1_000)));
        index.addFiles(MUSIC, List.of(new Line("Live/Ångström.flac", 600), new Line("Studio/other.flac", 400)));
        index.add(List.of(share(FILMS, "Live films", 7)));

        assertThat(found("live")).containsExactly("Live films", "Musik von Älvdalen/Live/Ångström.flac");
        assertThat(found("angstrom")).containsExactly("Musik von Älvdalen/Live/Ångström.flac");
        assertThat(found("ANGS live")).containsExactly("Musik von Älvdalen/Live/Ångström.flac");
        assertThat(found("musik flac")).hasSize(2);
        assertThat(found("ngstrom")).isEmpty();
        assertThat(found("live nothing")).isEmpty();
    }

    @Test
    void a_regular_expression_that_goes_back_and_forth_for_ever_ends_after_a_while() {
        index.add(List.of(share(MUSIC, "a".repeat(200), 1)));

        assertThatThrownBy(
                        () -> index.find(Pattern.compile(".*.*.*.*.*.*.*.*.*b"), hit -> true, 9, Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
        assertThat(found("aaaa")).hasSize(1);
    }

    @Test
    void whatever_is_typed_is_words_and_never_a_query() {
        index.add(List.of(share(MUSIC, "a \"quoted\" name: OR (not) near*", 1)));

        for (String text : List.of("\"quoted\"", "OR", "(not)", "near*", "name:", "- ^a", "a' OR '1'='1")) {
            assertThat(found(text)).as(text).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(found("\"quoted\" (not)")).hasSize(1);
        assertThat(found("* \" ( )")).isEmpty();
    }

    @Test
    void a_pattern_looks_at_every_path() {
        index.add(List.of(share(MUSIC, "Music", 1_000)));
        index.addFiles(MUSIC, List.of(new Line("S01E02.mkv", 600), new Line("S01E10.mkv", 400)));

        assertThat(index.find(
                        Pattern.compile("e0\\d", Pattern.CASE_INSENSITIVE), hit -> true, 9, Duration.ofMinutes(1)))
                .extracting(Hit::path)
                .containsExactly("S01E02.mkv");
    }

    @Test
    void what_else_it_has_to_be_is_asked_before_the_limit_counts() {
        index.add(List.of(share(MUSIC, "Music", 1_000)));
        index.addFiles(MUSIC, List.of(new Line("one.mp3", 1), new Line("one.flac", 2), new Line("one.ogg", 3)));

        assertThat(index.find("one", Set.of(), hit -> hit.sizeBytes() > 1, 1))
                .extracting(Hit::path)
                .containsExactly("one.flac");
    }

    @Test
    void files_are_found_by_how_their_names_end_and_the_ending_is_no_word() {
        index.add(List.of(share(MUSIC, "Music mp3", 1_000)));
        index.addFiles(
                MUSIC,
                List.of(
                        new Line("mp3/one.FLAC", 1),
                        new Line("one.mp3", 2),
                        new Line("one.tar.gz", 3),
                        new Line("one", 4)));

        assertThat(index.find("one", Set.of("flac", "gz"), hit -> true, 9))
                .extracting(Hit::path)
                .containsExactly("mp3/one.FLAC", "one.tar.gz");
        assertThat(index.find("mp3", Set.of("mp3"), hit -> true, 9))
                .extracting(Hit::path)
                .containsExactly("one.mp3");
        assertThat(found("\uE000mp3")).hasSize(5);
    }

    @Test
    void what_is_shared_no_longer_is_found_no_longer() {
        index.add(List.of(share(MUSIC, "Music", 1)));
        index.addFiles(MUSIC, List.of(new Line("song.mp3", 1)));
        index.add(List.of(share(FILMS, "Films with music", 7)));

        index.retain(Set.of(FILMS));

        assertThat(found("music")).containsExactly("Films with music");
        assertThat(index.shares()).containsExactly(FILMS);
        index.add(List.of(share(MUSIC, "Music", 1)));
        assertThat(index.withFiles()).isEmpty();
        assertThat(found("song")).isEmpty();
    }

    @Test
    void it_is_kept_over_a_restart_and_made_anew_when_it_is_damaged() throws Exception {
        index.add(List.of(share(MUSIC, "Music", 1)));
        index.addFiles(MUSIC, List.of(new Line("song.mp3", 1)));

        index.close();
        index = SearchIndex.open(file());
        assertThat(index.shares()).containsExactly(MUSIC);
        assertThat(index.withFiles()).containsExactly(MUSIC);
        assertThat(found("song")).hasSize(1);

        index.close();
        Files.writeString(file(), "no database at all, but long enough to be taken for one by its size");
        index = SearchIndex.open(file());
        assertThat(index.shares()).isEmpty();
        index.add(List.of(share(MUSIC, "Music", 1)));
        assertThat(found("music")).hasSize(1);
    }

    private static Share share(InfoHash hash, String name, long sizeBytes) {
        return new Share(name, hash, new ContentId("c".repeat(64)), sizeBytes, 1);
    }

    private List<String> found(String words) {
        return index.find(words, Set.of(), hit -> true, 100).stream()
                .map(hit -> hit.isFile() ? hit.name() + "/" + hit.path() : hit.name())
                .toList();
    }

    private Path file() {
        return temp.resolve("data/search.db");
    }
}
