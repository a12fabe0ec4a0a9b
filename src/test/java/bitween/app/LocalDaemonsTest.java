package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Homes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDaemonsTest {
    private static final Path USER_HOME = Path.of("/home/alice");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/bitween",
                "/srv/a/deep/one/so/that/its/socket/needs/a/place/elsewhere/because/a/path/of/unix/has/108/bytes/at/most"
            })
    void a_daemon_is_told_which_folder_is_its_home(String folder) {
        Home named = Homes.resolve(Path.of(folder), Map.of(), USER_HOME);
        Home fromEnvironment = Homes.resolve(null, Map.of("BITWEEN_HOME", folder), USER_HOME);

        assertThat(daemons(Map.of()).homeOption(named)).isEqualTo(List.of("--home", folder));
        assertThat(daemons(Map.of("BITWEEN_HOME", folder)).homeOption(fromEnvironment))
                .isEqualTo(List.of("--home", folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/alice/.config", "/home/alice/everything"})
    void a_home_of_several_folders_is_found_again_from_the_environment(String configHome) {
        Map<String, String> variables =
                Map.of("XDG_CONFIG_HOME", configHome, "XDG_DATA_HOME", "/home/alice/everything");
        Home home = Homes.resolve(null, variables, USER_HOME);

        assertThat(daemons(variables).homeOption(home)).isEmpty();
    }

    @Test
    void where_nothing_can_run_nothing_is_written(@TempDir Path folder) {
        Home home = Home.in(folder.resolve("home"));
        ConfigFile.write(home, folder, Map.of("xmpp.jid", "alice@example.org"));
        LocalDaemons daemons = new LocalDaemons(folder, Map.of(), () -> {
            throw new UserException(ErrorCode.UNSUPPORTED_PLATFORM, "it needs Linux", "");
        });

        assertThatThrownBy(() -> daemons.startInBackground(home, null)).hasMessage("it needs Linux");
        assertThatThrownBy(() -> daemons.runInForeground(home, null)).hasMessage("it needs Linux");

        assertThat(home.data()).isDirectoryNotContaining(file -> !file.equals(home.configFile()));
    }

    @Test
    void the_usual_home_needs_no_option() {
        assertThat(daemons(Map.of()).homeOption(Homes.resolve(null, Map.of(), USER_HOME)))
                .isEmpty();
    }

    private static LocalDaemons daemons(Map<String, String> variables) {
        return new LocalDaemons(USER_HOME, variables);
    }
}
