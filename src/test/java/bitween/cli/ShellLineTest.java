package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '#',
            value = {
                "bitween get bob/Mu; bitween|get|bob/Mu",
                "bitween get bob/My\\ Mu; bitween|get|bob/My Mu",
                "bitween get \"bob/My Mu; bitween|get|bob/My Mu",
                "bitween get 'bob/My \\Mu; bitween|get|bob/My \\Mu",
                "bitween get bob/'My 'Mu; bitween|get|bob/My Mu",
                "cd /tmp && bitween get b; bitween|get|b",
                "bitween get \"a\\\"b\\n; bitween|get|a\"b\\n",
                "#bitween ls #; bitween|ls|"
            })
    void words_are_what_the_shell_makes_of_them(String line, String words) {
        assertThat(ShellLine.of(line).words()).isEqualTo(List.of(words.split("\\|", -1)));
    }

    @Test
    void what_is_added_is_quoted_as_the_word_is() {
        String name = "it's 5$ \"new\"; ok";

        assertThat(ShellLine.of("bitween pause ").quoted(name)).isEqualTo("it\\'s\\ 5\\$\\ \\\"new\\\"\\;\\ ok");
        assertThat(ShellLine.of("bitween pause \"").quoted(name)).isEqualTo("it's 5\\$ \\\"new\\\"; ok");
        assertThat(ShellLine.of("bitween pause '").quoted(name)).isEqualTo("it'\\''s 5$ \"new\"; ok");
        assertThat(ShellLine.of("bitween pause ").quoted("#3 ~a#")).isEqualTo("\\#3\\ ~a#");
    }

    @Property(tries = 500)
    void what_is_quoted_reads_as_it_is(@ForAll @StringLength(min = 1, max = 20) String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "_");

        for (String open : List.of("", "\"", "'")) {
            String line = "bitween pause " + open;
            assertThat(ShellLine.of(line + ShellLine.of(line).quoted(plain)).last())
                    .isEqualTo(plain);
        }
    }

    @Test
    void a_real_bash_reads_it_so_too() throws IOException {
        String name = " ~#!a$b`c\\d\"e'f*g?h[i]{j}(k)<l>m|n&o;p^q=r:s@t\u00e9\ud83c\udfb5";
        ShellLine empty = ShellLine.of("bitween pause ");

        Process bash = new ProcessBuilder("bash", "--norc", "-c", "printf %s " + empty.quoted(name))
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(name);
    }
}
