package bitween.control.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100_000})
    void lines_are_the_same_however_the_bytes_arrive(int atOnce) throws Exception {
        String longLine = "ä€🎵".repeat(3_000);
        byte[] bytes = ("one\n\n" + longLine + "\nlast\nrest").getBytes(StandardCharsets.UTF_8);
        Lines lines = new Lines(100_000);
        List<String> found = new ArrayList<>();

        for (int at = 0; at < bytes.length; at += atOnce) {
            lines.add(ByteBuffer.wrap(bytes, at, Math.min(atOnce, bytes.length - at)));
            for (String line = lines.next(); line != null; line = lines.next()) {
                found.add(line);
            }
        }

        assertThat(found).containsExactly("one", "", longLine, "last");
    }

    @Test
    void the_longest_line_passes_and_a_longer_one_does_not() throws Exception {
        Lines fits = new Lines(4);
        fits.add(ByteBuffer.wrap("abcd\n".getBytes(StandardCharsets.UTF_8)));
        Lines tooLong = new Lines(4);
        tooLong.add(ByteBuffer.wrap("abcde".getBytes(StandardCharsets.UTF_8)));

        assertThat(fits.next()).isEqualTo("abcd");
        assertThatThrownBy(tooLong::next).isInstanceOf(Lines.LineTooLong.class);
    }

    @Test
    void broken_utf_8_costs_its_line_only() throws Exception {
        Lines lines = new Lines(10);
        lines.add(ByteBuffer.wrap(new byte[] {(byte) 0xFF, '\n', 'x', '\n'}));

        assertThatThrownBy(lines::next).isInstanceOf(CharacterCodingException.class);
        assertThat(lines.next()).isEqualTo("x");
    }
}
