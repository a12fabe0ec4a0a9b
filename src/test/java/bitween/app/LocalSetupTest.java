package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Keyring;
import bitween.config.PasswordFile;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSetupTest {
    private static final Map<String, String> ALICE = Map.of("xmpp.jid", "alice@example.org");

    @TempDir
    Path userHome;

    private Home home;
    private LocalSetup setup;

    @BeforeEach
    void nothing_yet() {
        home = Home.in(userHome.resolve("bitween"));
        setup = new LocalSetup(userHome, new Keyring(Map.of()));
    }

    @Test
    void what_is_written_is_what_a_daemon_reads() {
        setup.write(home, ALICE, " secret ");

        assertThat(ConfigFile.load(home, userHome).xmpp().jid().value()).isEqualTo("alice@example.org");
        assertThat(PasswordFile.read(home.passwordFile())).isEqualTo(" secret ");
    }

    @Test
    void where_a_keyring_is_wanted_and_none_answers_nothing_is_set_up() {
        assertThatThrownBy(() ->
                        setup.write(home, Map.of("xmpp.jid", "alice@example.org", "xmpp.keyring", true), "secret"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the keyring");

        assertThat(setup.isConfigured(home)).isFalse();
        assertThat(home.passwordFile()).doesNotExist();
    }

    @Test
    void a_password_that_is_none_leaves_no_half_setup_in_the_way_of_the_next_attempt() {
        assertThatThrownBy(() -> setup.write(home, ALICE, "")).isInstanceOf(UserException.class);

        assertThat(setup.isConfigured(home)).isFalse();
    }

    @Test
    void a_wrong_value_leaves_the_old_configuration_and_password_in_place() {
        setup.write(home, ALICE, "secret");

        assertThatThrownBy(() -> setup.write(home, Map.of("xmpp.jid", "bob"), "another"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("not 'bob'");

        assertThat(ConfigFile.load(home, userHome).xmpp().jid().value()).isEqualTo("alice@example.org");
        assertThat(PasswordFile.read(home.passwordFile())).isEqualTo("secret");
    }

    @Test
    void what_is_replaced_is_kept_beside_it() {
        setup.write(home, ALICE, "secret");

        setup.write(home, Map.of("xmpp.jid", "bob@example.org"), "another");

        assertThat(ConfigFile.load(home, userHome).xmpp().jid().value()).isEqualTo("bob@example.org");
        assertThat(home.config().resolve("bitween.toml.old")).content().contains("alice@example.org");
    }
}
