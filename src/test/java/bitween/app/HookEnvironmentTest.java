package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import bitween.config.Homes;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HookEnvironmentTest {
    private static final Path FOLDER = Path.of("/srv/bitween");

    @Test
    void a_hook_finds_the_daemon_that_started_it_and_the_program() {
        Map<String, String> daemons =
                Map.of("PATH", "/bin", "BITWEEN_LAUNCHER", "/opt/bitween/bitween", "BITWEEN_HOME", "/elsewhere");

        assertThat(HookEnvironment.of(Home.in(FOLDER), daemons))
                .containsEntry("BITWEEN_HOME", "/srv/bitween")
                .containsEntry("PATH", "/bin:/opt/bitween");
    }

    @Test
    void where_the_usual_folders_are_used_no_other_home_is_named() {
        Map<String, String> daemons = Map.of("HOME", "/home/me", "PATH", "/bin");
        Home usual = Homes.resolve(null, daemons, Path.of("/home/me"));

        assertThat(HookEnvironment.of(usual, daemons)).isEqualTo(daemons);
    }

    @Test
    void what_the_daemon_alone_needs_to_be_preloaded_is_not_theirs() {
        assertThat(HookEnvironment.of(Home.in(FOLDER), Map.of("LD_PRELOAD", "/jdk/lib/libjsig.so")))
                .doesNotContainKey("LD_PRELOAD");
        assertThat(HookEnvironment.of(Home.in(FOLDER), Map.of("LD_PRELOAD", "/jdk/lib/libjsig.so:/lib/mine.so")))
                .containsEntry("LD_PRELOAD", "/lib/mine.so");
    }

    @Test
    void what_the_daemon_was_started_without_is_there() {
        assertThat(HookEnvironment.of(Home.in(FOLDER), Map.of())).containsEntry("PATH", "/usr/local/bin:/usr/bin:/bin");
    }
}
