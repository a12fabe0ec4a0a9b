package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Setting;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCommandTest {
    private final FakeWorld world = new FakeWorld();

    @BeforeEach
    void keys_of_every_kind() {
        world.setup.settings.addAll(List.of(
                Samples.PORT,
                Samples.ACTIVE,
                new Setting("network.upload_bytes_per_second", List.of(), "0", "0", null, true),
                new Setting("network.in_band", List.of(), "true", "true", null, false),
                new Setting("sharing.audience", List.of(), "[]", "[]", null, true),
                new Setting("on.complete", List.of(), null, "\"echo\"", null, true)));
        world.answer("config.reload", "{'live':[],'restart':['network.port']}");
    }

    @Test
    void all_keys_are_listed_with_when_they_hold_and_what_is_not_as_usual() {
        assertThat(world.run("config", "show")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .startsWith(
                        "   KEY                              HOLDS    VALUE",
                        "   network.port                     restart  0",
                        "*  downloads.active                 live     3")
                .endsWith("   on.complete                      live     (not set)");
    }

    @Test
    void what_is_changed_or_what_it_is_for_is_shown_alone() {
        world.run("config", "show", "--changed");
        assertThat(world.terminal.out).hasSize(2);
        world.terminal.out.clear();

        world.run("config", "show", "-v");
        assertThat(world.terminal.out).startsWith("# The port.", "network.port = 0", "");
    }

    @Test
    void the_difference_is_what_is_not_as_usual_and_nothing_when_all_is() throws Exception {
        assertThat(world.run("config", "diff")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out).containsExactly("KEY               USUAL  HERE", "downloads.active  5      3");
        world.terminal.out.clear();

        world.run("config", "diff", "--json");
        assertThat(world.out())
                .isEqualTo(
                        "{\"settings\":[{\"key\":\"downloads.active\",\"value\":\"3\",\"default\":\"5\",\"set\":true,\"live\":true}]}");
        world.terminal.out.clear();

        world.setup.settings.replaceAll(one -> one.equals(Samples.ACTIVE) ? Samples.PORT : one);
        world.run("config", "diff");
        world.run("config", "diff", "--json");
        assertThat(world.terminal.out).containsExactly("everything is as usual", "{\"settings\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "network.port 7000, network.port = 7000 (Long)",
        "network.upload_bytes_per_second 500k, network.upload_bytes_per_second = 500000 (Long)",
        "network.in_band false, network.in_band = false (Boolean)",
        "network.in_band maybe, network.in_band = maybe (String)",
        "on.complete x, on.complete = x (String)",
        "network.port many, network.port = many (String)"
    })
    void a_value_is_written_as_its_key_takes_it(String words, String written) {
        assertThat(world.run(("config set " + words).split(" "))).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.changes).containsExactly(written);
        assertThat(world.calls).containsExactly("config.reload {}");
    }

    @Test
    void a_list_is_said_value_by_value() {
        world.run("config", "set", "sharing.audience", "@family", "bob@example.org");

        assertThat(world.setup.changes)
                .singleElement()
                .asString()
                .startsWith("sharing.audience = [@family, bob@example.org]");
    }

    @Test
    void what_holds_only_after_a_new_start_says_so() {
        world.run("config", "set", "network.port", "7000");
        assertThat(world.terminal.out).hasSize(2).last().asString().contains("started again");
        world.terminal.out.clear();

        world.run("config", "reset", "downloads.active");
        assertThat(world.terminal.out).containsExactly("downloads.active = 3");
        assertThat(world.setup.changes).last().isEqualTo("reset downloads.active");
    }

    @Test
    void without_a_daemon_the_file_alone_is_changed() {
        world.running = false;

        assertThat(world.run("config", "set", "network.port", "7000")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out).containsExactly("network.port = 0");
        assertThat(world.terminal.err).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config get network.prot",
                "config get port",
                "config set network.prot 7",
                "config reset network.prot"
            })
    void a_key_that_is_none_is_answered_with_the_nearest(String line) {
        assertThat(world.run(line.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("did you mean network.port?");
        assertThat(world.setup.changes).isEmpty();
    }

    @Test
    void more_than_one_value_for_one_is_refused() {
        assertThat(world.run("config", "set", "on.complete", "echo", "done")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("takes one value");
    }

    @Test
    void a_limit_for_all_is_kept_in_the_configuration_and_holds_at_once() {
        assertThat(world.run("limit", "--up", "500k")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("limit")).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.changes).containsExactly("network.upload_bytes_per_second = 500000 (Long)");
        assertThat(world.calls).containsExactly("config.reload {}");
        assertThat(world.terminal.out).containsExactly("all together: no limit", "all together: no limit");
    }
}
