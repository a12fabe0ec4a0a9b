package bitween.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordFileTest {
    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void name() {
        file = temp.resolve("password");
    }

    @Test
    void what_was_written_is_read() {
        PasswordFile.write(file, " correct horse ☂ ");

        assertThat(PasswordFile.read(file)).isEqualTo(" correct horse ☂ ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "secret\n", "secret\r\n"})
    void an_editor_may_end_the_line(String content) throws IOException {
        write(content, "rw-------");

        assertThat(PasswordFile.read(file)).isEqualTo("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "secret\n\n", "secret\nsecond\n", "sec\u0000ret"})
    void anything_but_one_line_is_refused_without_being_shown(String content) throws IOException {
        write(content, "rw-------");

        assertThatThrownBy(() -> PasswordFile.read(file))
                .hasMessage("the password file " + file + " does not hold one line of text")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.BAD_CONFIG, UserException::code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void a_file_that_others_can_use_is_refused_and_left_as_it_is(String mode) throws IOException {
        write("secret\n", mode);

        assertThatThrownBy(() -> PasswordFile.read(file))
                .hasMessageStartingWith("other users can use " + file + " (mode 0")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.HOME_UNSAFE, UserException::code)
                .returns("chmod 600 '" + file + "'", UserException::hint);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4_096})
    void what_could_not_be_read_is_not_written(int length) {
        assertThatThrownBy(() -> PasswordFile.write(file, "x".repeat(length)))
                .hasMessage("a password is one line of 1 to 4095 bytes");

        assertThat(file).doesNotExist();
    }

    @Test
    void the_longest_password_is_read_as_it_was_written() {
        String longest = "x".repeat(4_095);
        PasswordFile.write(file, longest);

        assertThat(PasswordFile.read(file)).isEqualTo(longest);
    }

    @Test
    void a_missing_file_asks_for_init() {
        assertThatThrownBy(() -> PasswordFile.read(file))
                .hasMessage("there is no " + file)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.NOT_CONFIGURED, UserException::code);
    }

    private void write(String content, String mode) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
