package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    private Path home;

    @Test
    void the_library_is_taken_out_where_only_its_user_can_write() throws IOException {
        Path file = NativeLibrary.extract(home.resolve("data/native"));

        assertThat(file).isAbsolute().hasFileName(NativeLibrary.FILE_NAME).hasSize(14_658_080);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (Stream<Path> left = Files.list(home.resolve("data/native"))) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void a_file_that_was_tampered_with_is_replaced_and_a_right_one_is_kept() throws IOException {
        Path file = NativeLibrary.extract(home);
        byte[] genuine = Files.readAllBytes(file);
        Object inode = Files.getAttribute(file, "unix:ino");

        NativeLibrary.extract(home);
        Object kept = Files.getAttribute(file, "unix:ino");
        byte[] tampered = genuine.clone();
        tampered[tampered.length / 2] ^= 1;
        Files.write(file, tampered);
        NativeLibrary.extract(home);

        assertThat(kept).isEqualTo(inode);
        assertThat(Files.readAllBytes(file)).isEqualTo(genuine);
    }

    @Test
    void a_link_in_its_place_is_refused() throws IOException {
        Path elsewhere = NativeLibrary.extract(home.resolve("elsewhere"));
        Path folder = Files.createDirectory(home.resolve("native"));
        Files.createSymbolicLink(folder.resolve(NativeLibrary.FILE_NAME), elsewhere);

        assertRefused(folder);
    }

    @Test
    void a_linked_folder_is_refused() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Path folder = Files.createSymbolicLink(home.resolve("native"), elsewhere);

        assertRefused(folder);
    }

    @Test
    void other_platforms_are_told_what_is_needed_and_what_this_is() {
        assertThatThrownBy(() -> NativeLibrary.requirePlatform("Mac OS X", "aarch64"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_PLATFORM))
                .hasMessageStartingWith("bitween needs Linux on x86_64 with glibc; this is Mac OS X on aarch64");
        assertThatThrownBy(() -> NativeLibrary.requirePlatform("Linux", "aarch64"))
                .isInstanceOf(UserException.class);
    }

    @Test
    void it_loads_and_says_its_version() {
        NativeLibrary.load(home);

        assertThat(org.libtorrent4j.swig.libtorrent.version()).isEqualTo("2.0.6.0");
    }

    private static void assertRefused(Path folder) {
        assertThatThrownBy(() -> NativeLibrary.extract(folder))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HOME_UNSAFE));
    }
}
