package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WantCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void what_is_waited_for_is_said_listed_and_taken_back() {
        world.answer("want.add", "{'id':2,'words':'radio play','auto':true}")
                .answer(
                        "wants",
                        "{'wants':[{'id':2,'words':'radio\\u001b play','auto':true,'since':'2026-03-01T11:00:00Z'}]}")
                .answer("want.rm", "{'id':2,'words':'radio play','auto':true}");

        assertThat(world.run("want", "radio", "play", "--auto")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("want")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("want", "--rm", "2")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("want.add {auto=true, words=radio play}", "wants {}", "want.rm {id=2}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "#2: what has 'radio play' in its name is told and got once a friend shares it",
                        "#  WORDS        THEN    SINCE",
                        "2  radio� play  get it  11:00",
                        "you wait for 'radio play' no longer");
    }

    @Test
    void nothing_is_waited_for() {
        world.answer("wants", "{'wants':[]}");

        world.run("want");

        assertThat(world.out()).isEqualTo("you wait for nothing; bitween want WORDS does");
    }

    @Test
    void to_take_one_back_takes_its_number_alone() {
        assertThat(world.run("want", "x", "--rm", "2")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }
}
