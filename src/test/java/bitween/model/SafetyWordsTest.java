package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SafetyWordsTest {
    private static final Fingerprint ALICE = new Fingerprint("a".repeat(64));
    private static final Fingerprint BOB = new Fingerprint("b".repeat(64));
    private static final List<String> LIST = list();

    @Test
    void both_people_see_the_same_words() {
        assertThat(SafetyWords.of(ALICE, BOB)).hasSize(12).isSubsetOf(LIST).isEqualTo(SafetyWords.of(BOB, ALICE));
    }

    @Test
    void they_never_change() {
        assertThat(String.join(" ", SafetyWords.of(ALICE, BOB)))
                .isEqualTo("plover telegram clay design fluid income gymnast dome dusty tundra hedge squid");
        assertThat(HexFormat.of().formatHex(Sha256.of(String.join("\n", LIST).getBytes(StandardCharsets.US_ASCII))))
                .as("the list")
                .isEqualTo("fe1c49f0ad8c20eff84d50818f44838d0f382da6213753bd382484c3910a37d7");
    }

    @Test
    void another_key_gives_other_words() {
        Random random = new Random(1);
        Set<List<String>> seen = new HashSet<>();

        for (int count = 0; count < 1_000; count++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            seen.add(SafetyWords.of(ALICE, Fingerprint.of(bytes)).subList(0, 3));
        }

        assertThat(seen).as("different beginnings of 1,000").hasSize(1_000);
    }

    @Test
    void every_word_comes_up() {
        Random random = new Random(1);
        Set<String> seen = new HashSet<>();

        for (int count = 0; count < 3_000; count++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            seen.addAll(SafetyWords.of(ALICE, Fingerprint.of(bytes)));
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(LIST);
    }

    @Test
    void one_device_alone_has_none() {
        assertThatThrownBy(() -> SafetyWords.of(ALICE, ALICE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_list_has_2048_plain_words_in_order() {
        assertThat(LIST).hasSize(2_048).doesNotHaveDuplicates().isSorted().allMatch(word -> word.matches("[a-z]{3,8}"));
    }

    @Test
    void four_letters_tell_two_words_apart() {
        assertThat(LIST.stream().map(word -> word.substring(0, Math.min(4, word.length()))))
                .doesNotHaveDuplicates();
    }

    @Test
    void no_two_words_differ_by_a_letter_only() {
        Set<String> shortened = new HashSet<>();

        assertThat(LIST).allSatisfy(word -> {
            // two words of which one letter is left out, or put in its place, meet here
            assertThat(IntStream.range(0, word.length())
                            .mapToObj(at -> word.substring(0, at) + '?' + word.substring(at + 1))
                            .filter(form -> !shortened.add(form)))
                    .isEmpty();
            assertThat(IntStream.range(0, word.length())
                            .mapToObj(at -> word.substring(0, at) + word.substring(at + 1))
                            .filter(LIST::contains))
                    .isEmpty();
        });
    }

    private static List<String> list() {
        try {
            return Files.readAllLines(Path.of("src/main/resources/bitween/safety-words.txt")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
