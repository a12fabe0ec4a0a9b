package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Keyring;
import bitween.config.PasswordFile;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void a_wrong_value_is_named_by_its_option_and_not_by_a_file_that_is_not_there() {
        assertRefused("network.listen", "eth0", "--listen must be \"all\" or \"loopback\", not 'eth0'");
        assertRefused("network.allow", List.of("lan"), "--listen must list \"loopback\" or \"private\", not 'lan'");
        assertRefused(
                "xmpp.server",
                "here",
                "--listen must look like xmpp.example.org:5222 or [2001:db8::1]:5222, not 'here'");
        assertRefused("xmpp.certificate_sha256", "ab", "--listen must be a SHA-256: 64 hex digits, not 'ab'");
        assertRefused("xmpp.jid", "alice", "--listen: an XMPP address looks like name@example.org, not 'alice'");

        setup.check(home, "sharing.audience", List.of("@family"), "--share-with");
    }

    @Test
    void certificates_have_to_be_there_and_to_be_certificates() throws IOException {
        Path none = userHome.resolve("nosuch");
        Path text = Files.writeString(userHome.resolve("text"), "no PEM\n");
        Path empty = Files.writeString(userHome.resolve("empty"), "");

        assertRefused("xmpp.ca_file", none.toString(), "--listen: there is no " + none);
        assertRefused("xmpp.ca_file", text.toString(), "--listen: there is no certificate (PEM) in " + text);
        assertRefused("xmpp.ca_file", empty.toString(), "--listen: there is no certificate (PEM) in " + empty);
    }

    @Test
    void a_folder_for_downloads_has_to_be_possible_and_is_not_made_yet() throws IOException {
        Path file = Files.writeString(userHome.resolve("file"), "");
        Path possible = userHome.resolve("a/b");

        assertRefused("downloads.directory", file.toString(), "--listen: there can be no folder " + file);
        assertRefused("downloads.directory", "/proc/nope", "--listen: there can be no downloads in /proc/nope");
        setup.check(home, "downloads.directory", possible.toString(), "--downloads");
        setup.check(home, "downloads.directory", userHome.toString(), "--downloads");

        assertThat(possible.getParent()).doesNotExist();
        assertThat(userHome).exists();
    }

    @Test
    void a_folder_that_can_hold_nothing_is_not_set_either_and_one_in_the_home_is() {
        setup.write(home, ALICE, "secret");

        assertThatThrownBy(() -> setup.set(home, "downloads.directory", "/proc"))
                .isInstanceOf(UserException.class)
                .hasMessage("downloads.directory: there can be no downloads in /proc");
        setup.set(home, "downloads.directory", "~/Films");

        assertThat(ConfigFile.load(home, userHome).downloads().directory()).isEqualTo(userHome.resolve("Films"));
        assertThat(userHome.resolve("Films")).doesNotExist();
    }

    private void assertRefused(String key, Object value, String sentence) {
        assertThatThrownBy(() -> setup.check(home, key, value, "--listen"))
                .isInstanceOf(UserException.class)
                .hasMessage(sentence);
    }
}
