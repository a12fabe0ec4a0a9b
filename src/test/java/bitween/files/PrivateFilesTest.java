package bitween.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFilesTest {
    private static final int NOBODY = 65_534;

    @TempDir
    Path temp;

    @Test
    void a_new_directory_and_its_new_parents_are_ours_alone() throws IOException {
        PrivateFiles.directory(temp.resolve("a/b"));

        assertThat(mode(temp.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(temp.resolve("a/b"))).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bitween.toml", "bitween.db"})
    void an_empty_directory_or_one_of_bitween_is_closed_to_others(String content) throws IOException {
        Path directory = Files.createDirectory(temp.resolve("home"));
        if (!content.isEmpty()) {
            Files.createFile(directory.resolve(content));
        }
        setMode(directory, "rwxrwxr-x");

        PrivateFiles.directory(directory);

        assertThat(mode(directory)).isEqualTo("rwx------");
    }

    @Test
    void a_directory_that_others_use_is_refused_and_left_to_them() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("srv"));
        Files.createFile(directory.resolve("index.html"));
        setMode(directory, "rwxr-xr-x");

        assertThatThrownBy(() -> PrivateFiles.directory(directory))
                .hasMessage("other users can use the directory " + directory + " (mode 0755)")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.HOME_UNSAFE, UserException::code)
                .extracting(UserException::hint)
                .asString()
                .startsWith("chmod 700 '" + directory + "'");
        assertThat(mode(directory)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void what_stands_where_everybody_could_write_is_not_trusted() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("home"));
        Files.createFile(directory.resolve("bitween.db"));
        setMode(directory, "rwxrwxrwx");

        assertThatThrownBy(() -> PrivateFiles.directory(directory)).hasMessageContaining("(mode 0777)");
    }

    @Test
    void a_file_in_place_of_a_directory_is_refused() throws IOException {
        Path file = Files.createFile(temp.resolve("home"));

        assertThatThrownBy(() -> PrivateFiles.directory(file)).hasMessage(file + " is not a directory");
    }

    @Test
    void a_directory_of_somebody_else_is_refused() throws IOException {
        assumeTrue(PrivateFiles.uid() == 0, "only root can give directories away");
        Path directory = Files.createDirectory(temp.resolve("home"));
        Files.setAttribute(directory, "unix:uid", NOBODY);

        assertThatThrownBy(() -> PrivateFiles.directory(directory))
                .hasMessage(directory + " belongs to the user with uid 65534, not to us (uid 0)");
    }

    @Test
    void a_link_of_our_own_is_followed() throws IOException {
        Path target = PrivateFiles.directory(temp.resolve("disk2"));
        Path link = Files.createSymbolicLink(temp.resolve("home"), target);

        assertThat(PrivateFiles.directory(link)).isEqualTo(link);
    }

    @Test
    void a_planted_link_is_refused() throws Exception {
        assumeTrue(PrivateFiles.uid() == 0, "only root can give links away");
        Path target = PrivateFiles.directory(temp.resolve("ours"));
        Path link = Files.createSymbolicLink(temp.resolve("bitween-0-abc"), target);
        assertThat(new ProcessBuilder("chown", "-h", "nobody", link.toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> PrivateFiles.directory(link)).hasMessageContaining("belongs to the user with uid");
    }

    @Test
    void a_file_is_made_or_closed_to_others() throws IOException {
        Path old = Files.createFile(temp.resolve("old"));
        setMode(old, "rw-r--r--");

        PrivateFiles.file(old);
        PrivateFiles.file(temp.resolve("new"));

        assertThat(mode(old)).isEqualTo("rw-------");
        assertThat(mode(temp.resolve("new"))).isEqualTo("rw-------");
    }

    @Test
    void a_file_is_replaced_whole_and_leaves_nothing_beside_it() throws IOException {
        Path file = temp.resolve("bitween.toml");
        PrivateFiles.write(file, new byte[] {1, 2, 3});

        PrivateFiles.write(file, new byte[] {4});

        assertThat(file).hasBinaryContent(new byte[] {4});
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(temp).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void what_cannot_be_written_is_told() {
        Path file = temp.resolve("missing/bitween.toml");

        assertThatThrownBy(() -> PrivateFiles.write(file, new byte[0]))
                .isInstanceOf(UserException.class)
                .hasMessage("the file " + file + " cannot be written: NoSuchFileException");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
