package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.control.client.Json;
import bitween.model.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellCommandTest {
    private final FakeWorld world = new FakeWorld();

    @BeforeEach
    void jobs() {
        world.answer("jobs", "{'jobs':[]}").answer("transfer.pause", Samples.transfer("JOB", "PAUSED", ""));
    }

    private void types(String... lines) {
        world.terminal.typed.addAll(List.of(lines));
    }

    @Test
    void each_line_is_a_command_until_exit() {
        types("jobs", "", "# a comment", "bitween pause 'My Music'", "exit", "jobs");

        assertThat(world.run("shell")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("jobs {}", "transfer.pause {name=My Music}");
        assertThat(world.terminal.questions).hasSize(5).containsOnly("bitween> ");
    }

    @Test
    void what_fails_is_said_and_the_next_goes_on_and_the_last_decides_the_exit_code() {
        world.fail("info", ErrorCode.UNKNOWN_JOB, "no such job", "");
        types("pause 'My", "jobs", "nonsense", "info x");

        assertThat(world.run("shell")).isEqualTo(ExitCodes.NOT_FOUND);

        assertThat(world.terminal.err)
                .contains("bitween: a quote is not closed: '", "bitween: there is no command 'nonsense'")
                .endsWith("bitween: no such job");
        assertThat(world.calls).startsWith("jobs {}");
    }

    @Test
    void programs_write_and_read_one_object_a_line() throws Exception {
        world.fail("info", ErrorCode.UNKNOWN_JOB, "no such job", "look");
        types(
                "{\"id\":1,\"command\":[\"pause\",\"My Music\"]}",
                "{\"id\":\"b\",\"command\":\"info x\"}",
                "{\"command\":\"jobs\"}",
                "nonsense",
                "{\"id\":4}",
                "{\"id\":5,\"command\":[\"jobs\",\"--help\"]}");

        assertThat(world.run("shell", "--json")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out).hasSize(6);
        assertThat(world.terminal.out)
                .allSatisfy(line ->
                        assertThat(Answer.of(Json.read(line)).fields()).containsOnlyKeys("id", "exitCode", "result"));
        assertThat(world.terminal.out.get(0)).startsWith("{\"id\":1,\"exitCode\":0,\"result\":{\"id\":3,");
        assertThat(world.terminal.out.get(1))
                .isEqualTo(
                        "{\"id\":\"b\",\"exitCode\":4,\"result\":{\"error\":{\"code\":\"UNKNOWN_JOB\",\"message\":\"no such job\",\"hint\":\"look\"}}}");
        assertThat(world.terminal.out.get(2)).isEqualTo("{\"id\":null,\"exitCode\":0,\"result\":{\"jobs\":[]}}");
        assertThat(world.terminal.out.get(3))
                .startsWith("{\"id\":null,\"exitCode\":2,")
                .contains("BAD_ARGUMENT");
        assertThat(world.terminal.out.get(4)).startsWith("{\"id\":4,\"exitCode\":2,");
        assertThat(world.terminal.out.get(5)).startsWith("{\"id\":5,\"exitCode\":0,\"result\":{\"text\":[\"Usage:");
        assertThat(world.terminal.err).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shell", "top", "events --follow", "status --watch", "daemon --foreground", "get a/b/c -"})
    void what_has_no_end_or_no_object_is_refused_to_programs(String command) {
        types("{\"id\":1,\"command\":\"" + command + "\"}");

        assertThat(world.run("shell", "--json")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.out()).contains("does not run within a shell");
        assertThat(world.calls).isEmpty();
    }

    @Test
    void the_home_of_the_shell_is_that_of_its_commands() {
        world.running = false;
        types("jobs");

        assertThat(world.run("--home", "/tmp/a", "shell")).isEqualTo(ExitCodes.DAEMON_NOT_RUNNING);

        assertThat(world.err()).contains("no bitween daemon runs for /tmp/a");
    }
}
