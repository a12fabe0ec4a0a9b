package bitween.config;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Jid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** conf/bitween.toml is what a user reads first: it must say what is true. */
class ConfigSampleTest {
    private static final Path USER = Path.of("/home/alice");
    private static final Home HOME = Homes.resolve(null, Map.of(), USER);
    private static final Path FILE = Path.of("bitween.toml");
    private static final String JID = "[xmpp]\njid = \"alice@example.org\"\n";

    @Test
    void the_defaults_that_the_sample_names_are_the_defaults() {
        String uncommented = ConfigTemplate.sample().replaceAll("(?m)^#(?=[a-z])", "");

        assertThat(ConfigFile.parse(FILE, uncommented, HOME, USER)).isEqualTo(ConfigFile.parse(FILE, JID, HOME, USER));
    }

    @Test
    void the_examples_are_good_ones() {
        String uncommented = ConfigTemplate.sample()
                .replaceAll("(?m)^#( {3})?(?=[a-z])", "")
                .replace("\nport = 0\n", "\nport = 6881\n"); // for the last one

        Config config = ConfigFile.parse(FILE, uncommented, HOME, USER);

        assertThat(config.device().name()).isEqualTo("laptop");
        assertThat(config.xmpp().server()).isNotNull();
        assertThat(config.xmpp().caFile()).isNotNull();
        assertThat(config.xmpp().certificateSha256()).isNotNull();
        assertThat(config.downloads().directory()).isEqualTo(HOME.downloads());
    }

    @Test
    void the_sample_names_every_key_once() {
        List<String> named = new ArrayList<>();
        String section = "";
        for (String line : ConfigTemplate.sample().lines().toList()) {
            if (line.matches("\\[[a-z]+]")) {
                section = line.substring(1, line.length() - 1);
            } else if (line.matches("#( {3})?[a-z0-9_]+ = .*")) {
                named.add(section + "." + line.replaceAll("^# *| = .*", ""));
            }
        }
        TomlReader reader = TomlReader.parse(FILE, JID);

        ConfigFile.read(reader, HOME, USER);

        assertThat(named).containsExactlyInAnyOrderElementsOf(reader.asked());
    }

    @Test
    void what_is_set_is_called_no_example() {
        assertThat(ConfigTemplate.filled(Map.of("device.name", "tower", "network.port", 7)))
                .contains("# What friends see. Default: this machine's host name.\nname = \"tower\"\n")
                .contains("past what DNS says of the domain. Example:\n#   server")
                .contains("\nport = 7\n");
    }

    @Test
    void nothing_but_the_account_has_to_be_set() {
        Config config = ConfigFile.parse(FILE, JID, HOME, USER);

        assertThat(config.xmpp().jid()).isEqualTo(new Jid("alice@example.org"));
        assertThat(config.xmpp().passwordFile()).isEqualTo(Path.of("/home/alice/.config/bitween/password"));
        assertThat(config.downloads().directory()).isEqualTo(Path.of("/home/alice/Downloads/bitween"));
        assertThat(config.device().name()).isNotBlank().hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void a_home_of_its_own_holds_its_downloads() {
        Config config = ConfigFile.parse(FILE, JID, Home.in(Path.of("/h")), USER);

        assertThat(config.downloads().directory()).isEqualTo(Path.of("/h/downloads"));
    }
}
