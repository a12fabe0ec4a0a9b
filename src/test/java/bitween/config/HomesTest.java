package bitween.config;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.files.PrivateFiles;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomesTest {
    private static final Path USER = Path.of("/home/alice");

    @TempDir
    Path temp;

    @Test
    void a_named_home_holds_everything() {
        Home home = Homes.resolve(Path.of("/srv/b/../bitween"), Map.of("BITWEEN_HOME", "/elsewhere"), USER);

        assertThat(home)
                .isEqualTo(new Home(
                        Path.of("/srv/bitween"),
                        Path.of("/srv/bitween"),
                        Path.of("/srv/bitween"),
                        Path.of("/srv/bitween/log"),
                        Path.of("/srv/bitween/downloads")));
    }

    @Test
    void a_home_named_in_the_environment_counts_like_the_option() {
        assertThat(Homes.resolve(null, Map.of("BITWEEN_HOME", "/srv/b"), USER))
                .isEqualTo(Homes.resolve(Path.of("/srv/b"), Map.of(), USER));
    }

    @Test
    void the_environment_says_where_the_user_is_at_home() {
        Path ofTheSystem = Path.of(System.getProperty("user.home"));

        assertThat(Homes.userHome(Map.of("HOME", "/srv/alice/"))).isEqualTo(Path.of("/srv/alice"));
        assertThat(Homes.userHome(Map.of())).isEqualTo(ofTheSystem);
        assertThat(Homes.userHome(Map.of("HOME", "somewhere"))).isEqualTo(ofTheSystem);
    }

    @Test
    void a_relative_home_is_one_of_here() {
        assertThat(Homes.resolve(Path.of("h"), Map.of(), USER).data())
                .isEqualTo(Path.of("h").toAbsolutePath());
    }

    @Test
    void without_a_word_the_xdg_defaults_hold() {
        assertThat(Homes.resolve(null, Map.of("BITWEEN_HOME", ""), USER))
                .isEqualTo(new Home(
                        Path.of("/home/alice/.config/bitween"),
                        Path.of("/home/alice/.local/share/bitween"),
                        Path.of("/home/alice/.local/share/bitween"),
                        Path.of("/home/alice/.local/state/bitween/log"),
                        Path.of("/home/alice/Downloads/bitween")));
    }

    @Test
    void the_xdg_variables_count_where_they_are_absolute() {
        Map<String, String> environment = Map.of(
                "XDG_CONFIG_HOME", "/c",
                "XDG_DATA_HOME", "relative",
                "XDG_RUNTIME_DIR", "/run/user/1000",
                "XDG_STATE_HOME", "");

        Home home = Homes.resolve(null, environment, USER);

        assertThat(home.configFile()).isEqualTo(Path.of("/c/bitween/bitween.toml"));
        assertThat(home.database()).isEqualTo(Path.of("/home/alice/.local/share/bitween/bitween.db"));
        assertThat(home.socket())
                .as("found also from cron and su, which know no runtime directory")
                .isEqualTo(Path.of("/home/alice/.local/share/bitween/control.sock"));
        assertThat(home.logFile()).isEqualTo(Path.of("/home/alice/.local/state/bitween/log/bitween.log"));
    }

    @Test
    void a_socket_path_of_106_bytes_is_used_and_one_of_107_is_not() {
        Path fits = Path.of("/" + "x".repeat(92));
        Path tooLong = Path.of("/" + "x".repeat(93));
        Path tooLongInBytes = Path.of("/" + "é".repeat(47));

        assertThat(Homes.resolve(fits, Map.of(), USER).socket().toString()).hasSize(106);
        assertThat(Homes.resolve(tooLong, Map.of(), USER).socket().toString())
                .matches("/tmp/bitween-" + PrivateFiles.uid() + "-[0-9a-f]{16}/control\\.sock");
        assertThat(Homes.resolve(tooLongInBytes, Map.of(), USER).runtime()).hasParentRaw(Path.of("/tmp"));
    }

    @Test
    void the_longest_path_that_is_used_works() throws IOException {
        Path home = temp.resolve("x".repeat(92 - temp.toString().length()));
        Home found = Homes.resolve(home, Map.of(), USER);
        found.createDirectories();

        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(found.socket()));

            assertThat(found.socket()).exists().hasParentRaw(home);
        }
    }

    @Test
    void daemon_and_command_line_find_one_socket_however_they_write_the_home() throws IOException {
        Path deep = Files.createDirectories(temp.resolve("deep/" + "x".repeat(100)));
        Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("deep"));
        String name = deep.getFileName().toString();

        Path socket = Homes.resolve(deep, Map.of(), USER).socket();

        assertThat(socket.toString()).startsWith("/tmp/bitween-");
        assertThat(Homes.resolve(link.resolve(name), Map.of(), USER).socket()).isEqualTo(socket);
        assertThat(Homes.resolve(deep.resolve("../" + name), Map.of(), USER).socket())
                .isEqualTo(socket);
        assertThat(Homes.resolve(temp.resolve("deep/y" + name), Map.of(), USER).socket())
                .isNotEqualTo(socket);
    }

    @Test
    void the_directories_are_made_for_us_alone() throws IOException {
        Home home = Home.in(temp.resolve("home"));

        home.createDirectories();
        home.createDirectories();

        for (Path directory : new Path[] {home.config(), home.logs(), home.links(), home.natives()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .as("%s", directory)
                    .isEqualTo("rwx------");
        }
        assertThat(home.downloads()).doesNotExist();
    }
}
