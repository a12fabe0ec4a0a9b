package bitween.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InvocationTest {
    private static final byte[] WHOLE =
            packed("12:34", "Europe/Rome", "~home", "1", "/srv/Fotos ü", "1", "HOME", "/home/me", "ls", "", "🏖");

    static byte[] packed(String... parts) {
        ByteBuffer packed = ByteBuffer.allocate(10_000);
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            packed.putInt(bytes.length).put(bytes);
        }
        return Arrays.copyOf(packed.array(), packed.position());
    }

    private static Invocation read(byte[] bytes) throws IOException {
        return Invocation.read(ByteBuffer.wrap(bytes));
    }

    @Test
    void a_command_line_arrives_as_it_was_typed() throws IOException {
        assertThat(read(WHOLE))
                .isEqualTo(new Invocation(
                        "12:34",
                        "Europe/Rome",
                        "~home",
                        true,
                        Path.of("/srv/Fotos ü"),
                        Map.of("HOME", "/home/me"),
                        List.of("ls", "", "🏖")));
    }

    @Test
    void what_is_cut_off_anywhere_is_no_command() {
        for (int length = 0; length < WHOLE.length; length++) {
            byte[] start = Arrays.copyOf(WHOLE, length);
            try {
                // whole arguments may be missing, which nobody can see; no part of one
                assertThat(read(start).arguments()).isIn(List.of(), List.of("ls"), List.of("ls", ""));
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }

    @Test
    void what_makes_no_sense_is_no_command() {
        assertThatThrownBy(() -> read(packed("", "", "", "1", "/", "2", "A", "B", "C")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2");
        assertThatThrownBy(() -> read(packed("", "", "", "1", "/", "-1", "A"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(packed("", "", "", "1", "/", "1073741824", "A")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(packed("", "", "", "1", "/", "many")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read(packed("", "", "", "1", "srv", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'srv'");
    }

    @Test
    void bytes_that_are_no_text_are_no_command() {
        byte[] latin = packed("", "", "", "1", "/", "0", "X");
        latin[latin.length - 1] = (byte) 0xfc;

        assertThatThrownBy(() -> read(latin)).isInstanceOf(IOException.class);
    }
}
