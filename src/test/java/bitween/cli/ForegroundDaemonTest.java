package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForegroundDaemonTest {
    private final FakeWorld world = new FakeWorld();

    private OptionalInt run(String... arguments) {
        return ForegroundDaemon.run(arguments, world.environment(), world.terminal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "daemon --foreground",
                "daemon --foreground --json",
                "--json daemon --foreground",
                "--home /tmp/a daemon --foreground --json",
                "daemon --home /tmp/a --foreground",
                "daemon --foreground --home ../a"
            })
    void the_usual_command_lines_are_understood_as_by_the_command_itself(String typed) {
        FakeWorld other = new FakeWorld();

        assertThat(run(typed.split(" "))).hasValue(other.run(typed.split(" ")));

        assertThat(world.started).hasSize(1).isEqualTo(other.started);
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemon --foreground", "daemon --foreground --json --home /tmp/a"})
    void what_keeps_it_from_starting_is_said_as_by_the_command_itself(String typed) {
        FakeWorld other = new FakeWorld();
        world.refusal = new UserException(ErrorCode.ALREADY_RUNNING, "it runs", "see: bitween status");
        other.refusal = world.refusal;

        assertThat(run(typed.split(" "))).hasValue(ExitCodes.ALREADY_RUNNING).hasValue(other.run(typed.split(" ")));

        assertThat(world.out() + world.err())
                .contains("it runs", "see: bitween ")
                .isEqualTo(other.out() + other.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "status",
                "daemon",
                "daemon --json",
                "--foreground daemon",
                "daemon --foreground --foreground",
                "daemon daemon --foreground",
                "--home daemon --foreground",
                "--home --json daemon --foreground",
                "daemon --foreground --home",
                "--home a --home b daemon --foreground",
                "daemon --foreground --home=/tmp/a",
                "daemon --foreground --exit-when done",
                "daemon --foreground --help",
                "daemon --foreground x"
            })
    void all_other_command_lines_are_left_as_they_are(String typed) {
        assertThat(run(typed.split(" "))).isEmpty();

        assertThat(world.started).isEmpty();
        assertThat(world.out() + world.err()).isEmpty();
    }

    @Test
    void a_home_that_can_be_no_folder_is_refused_by_the_command_itself() {
        String[] typed = {"daemon", "--foreground", "--home", "a\0b"};

        assertThat(run(typed)).isEmpty();

        assertThat(world.run(typed)).isEqualTo(ExitCodes.of(ErrorCode.BAD_ARGUMENT));
        assertThat(world.err()).contains("this is no path: ");
    }

    @Test
    void a_home_without_a_name_is_left_as_it_is() {
        assertThat(run("daemon", "--foreground", "--home", "")).isEmpty();
    }
}
