package bitween.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.files.PrivateFiles;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that a command sets in a file that a person wrote. */
class ConfigEditTest {
    private static final String KEY = "sharing.audience";
    private static final List<String> FAMILY = List.of("@family", "bob@example.org");
    private static final String LITERAL = "[\"@family\", \"bob@example.org\"]";
    private static final String JID = "[xmpp]\njid = \"a@b.c\" # mine\n";

    @TempDir
    Path directory;

    private Home home;

    @BeforeEach
    void a_home() throws IOException {
        home = Home.in(Files.createDirectory(directory.resolve("home")));
    }

    @Test
    void in_the_sample_it_takes_the_place_of_its_default_under_its_comment() {
        ConfigFile.write(home, directory, Map.of("xmpp.jid", "a@b.c"));
        String before = read();

        ConfigFile.set(home, directory, KEY, FAMILY);

        assertThat(read()).isEqualTo(before.replace("#audience = []", "audience = " + LITERAL));
        assertThat(audience()).isEqualTo(FAMILY);
    }

    @Test
    void what_a_person_wrote_around_it_stays() {
        set(JID + "[sharing] # with whom\n  audience=[ ]  # nobody yet\nhidden = true\n[control]\nautostart = true\n");

        assertThat(read())
                .isEqualTo(JID + "[sharing] # with whom\n  audience=" + LITERAL
                        + "  # nobody yet\nhidden = true\n[control]\nautostart = true\n");
    }

    @Test
    void a_missing_key_or_section_is_added() {
        set(JID + "[sharing]\nhidden = true\n");
        assertThat(read()).isEqualTo(JID + "[sharing]\naudience = " + LITERAL + "\nhidden = true\n");

        set(JID + "[sharing]");
        assertThat(read()).isEqualTo(JID + "[sharing]\naudience = " + LITERAL + "\n");

        set("xmpp.jid = \"a@b.c\"");
        assertThat(read()).isEqualTo("xmpp.jid = \"a@b.c\"\n\n[sharing]\naudience = " + LITERAL + "\n");

        set("[xmpp]\r\njid = \"a@b.c\"\r\n");
        assertThat(read()).isEqualTo("[xmpp]\r\njid = \"a@b.c\"\r\n\r\n[sharing]\r\naudience = " + LITERAL + "\r\n");
    }

    @Test
    void an_older_value_is_replaced() {
        set(JID + "[sharing]\naudience = [\"everyone\"]\n");

        assertThat(audience()).isEqualTo(FAMILY);
    }

    @Test
    void a_file_that_is_written_in_another_way_is_left_to_its_writer() {
        for (String text : List.of(
                JID + "[sharing]\naudience = [\n  # nobody\n]\n",
                "sharing.audience = []\n" + JID,
                "sharing = { audience = [] }\n" + JID)) {
            assertThatThrownBy(() -> set(text))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("cannot be written into " + home.configFile())
                    .extracting(e -> ((UserException) e).hint())
                    .isEqualTo("write it there yourself: audience = " + LITERAL + " below [sharing]");
            assertThat(read()).isEqualTo(text);
        }
    }

    @Test
    void a_value_that_is_wrong_is_named_by_its_key_and_not_by_a_place_in_the_file() {
        ConfigFile.write(home, directory, Map.of("xmpp.jid", "a@b.c"));
        String before = read();

        assertThatThrownBy(() -> ConfigFile.set(home, directory, "network.port", "many"))
                .isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT);
                    assertThat(e.sentence()).isEqualTo("network.port must be a whole number, not 'many'");
                    assertThat(e.hint()).isEmpty();
                });
        assertThatThrownBy(() -> ConfigFile.set(home, directory, "network.allow", List.of("near", "far")))
                .hasMessage("network.allow must list \"loopback\" or \"private\", not 'near';"
                        + " network.allow must list \"loopback\" or \"private\", not 'far'");
        assertThat(read()).isEqualTo(before);
    }

    @Test
    void what_is_taken_out_leaves_the_file_as_it_was_before_it_was_set() {
        ConfigFile.write(home, directory, Map.of("xmpp.jid", "a@b.c"));
        String before = read();
        for (String key : List.of(KEY, "downloads.directory", "on.complete")) {
            ConfigFile.set(home, directory, key, key.equals(KEY) ? FAMILY : "x");
            assertThat(read()).isNotEqualTo(before);

            ConfigFile.reset(home, directory, key);

            assertThat(read()).as(key).isEqualTo(before);
            ConfigFile.reset(home, directory, key);
            assertThat(read()).as("twice").isEqualTo(before);
        }
    }

    @Test
    void what_stands_over_many_lines_is_left_to_its_writer() throws IOException {
        String text = JID + "[sharing]\naudience = [\n  \"everyone\",\n]\n";
        PrivateFiles.write(home.configFile(), text.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> ConfigFile.reset(home, directory, KEY))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be taken out");
        assertThat(read()).isEqualTo(text);
    }

    @Test
    void what_stands_where_no_line_of_its_section_is_is_left_to_its_writer_too() throws IOException {
        String text = "sharing.audience = [\"everyone\"]\n" + JID;
        PrivateFiles.write(home.configFile(), text.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> ConfigFile.reset(home, directory, KEY)).hasMessageContaining("cannot be taken out");
    }

    @Test
    void every_key_is_told_with_what_it_is_for_and_how_it_stands() {
        ConfigFile.write(home, directory, Map.of("xmpp.jid", "a@b.c", "downloads.active", 3));

        List<Setting> settings = ConfigFile.settings(home, directory);

        assertThat(settings).extracting(Setting::key).doesNotHaveDuplicates().hasSizeGreaterThan(25);
        assertThat(settings)
                .filteredOn(setting -> setting.key().equals("downloads.active"))
                .containsExactly(new Setting(
                        "downloads.active",
                        List.of("How many may download at once; more wait for their turn."),
                        "5",
                        "5",
                        "3",
                        true));
        assertThat(settings)
                .filteredOn(setting -> setting.key().equals("on.shared"))
                .singleElement()
                .satisfies(setting -> {
                    assertThat(setting.about())
                            .containsExactly(
                                    "When a friend shares something new; the next revision of a live share is none, for that see `bitween follow`.");
                    assertThat(setting.inForce()).isNull();
                });
        assertThat(settings)
                .allSatisfy(
                        setting -> assertThat(setting.about()).as(setting.key()).isNotEmpty());
        assertThat(settings)
                .filteredOn(Setting::isChanged)
                .extracting(Setting::key)
                .containsExactly("xmpp.jid", "downloads.active");
    }

    @Test
    void a_link_to_the_file_stays_one() throws IOException {
        Path real = Files.writeString(directory.resolve("dotfiles.toml"), JID);
        Files.createSymbolicLink(home.configFile(), real);

        ConfigFile.set(home, directory, KEY, FAMILY);

        assertThat(home.configFile()).isSymbolicLink();
        assertThat(real).content().contains("audience = ");
    }

    private void set(String text) {
        try {
            Files.writeString(home.configFile(), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ConfigFile.set(home, directory, KEY, FAMILY);
    }

    private String read() {
        try {
            return Files.readString(home.configFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> audience() {
        Audience audience = ConfigFile.load(home, directory).sharing().audience();
        return audience.texts();
    }
}
