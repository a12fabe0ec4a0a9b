package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.files.PrivateFiles;
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
    void a_link_in_its_place_is_replaced_and_not_followed() throws IOException {
        Path elsewhere = NativeLibrary.extract(home.resolve("elsewhere"));
        Path folder = PrivateFiles.directory(home.resolve("native"));
        Files.createSymbolicLink(folder.resolve(NativeLibrary.FILE_NAME), elsewhere);

        assertThat(NativeLibrary.extract(folder)).isRegularFile().isNotEqualTo(elsewhere);
        assertThat(folder.resolve(NativeLibrary.FILE_NAME)).isRegularFile();
        assertThat(Files.isSymbolicLink(folder.resolve(NativeLibrary.FILE_NAME)))
                .isFalse();
    }

    @Test
    void a_file_of_somebody_else_is_replaced() throws IOException {
        assumeTrue(PrivateFiles.uid() == 0, "only root can give files away");
        Path file = NativeLibrary.extract(home);
        Files.setAttribute(file, "unix:uid", 65_534);

        NativeLibrary.extract(home);

        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);
    }

    @Test
    void a_folder_that_others_use_is_refused() throws IOException {
        Path folder = Files.createDirectory(home.resolve("native"));
        Files.createFile(folder.resolve("somebody's"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));

        assertRefused(folder);
    }

    @Test
    void other_platforms_are_told_what_is_needed_and_what_this_is() {
        assertThatThrownBy(() -> Platform.require("Mac OS X", "aarch64", ""))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_PLATFORM))
                .hasMessageStartingWith("bitween needs Linux on x86_64 with glibc; this is Mac OS X on aarch64");
        assertThatThrownBy(() -> Platform.require("Linux", "aarch64", "")).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> Platform.require("Linux", "amd64", "7f0 r-xp /lib/ld-musl-x86_64.so.1\n"))
                .hasMessageContaining("this is Linux on amd64 with musl");
        Platform.require("Linux", "amd64", "7f0 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6\n");
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
