package bitween.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTerminalTest {
    @Test
    void a_file_that_ends_too_early_is_not_taken_for_all_of_it(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "123");
        Terminal terminal = new SystemTerminal(Map.of());

        assertThatThrownBy(() -> terminal.content(file, 3, 5))
                .isInstanceOf(EOFException.class)
                .hasMessage(file + " ends after 3 bytes");
    }
}
