package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** And {@code resume}. */
class PauseCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void pause_says_how_the_job_goes_on() {
        world.answer("job.pause", Samples.transfer("JOB", "PAUSED", ""));

        assertThat(world.run("pause", "Music")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).isEqualTo("Music rests; bitween resume '#3' lets it go on");
        assertThat(world.calls).containsExactly("job.pause {name=Music}");
    }

    @Test
    void resume_says_how_the_job_stands_and_what_still_keeps_it() {
        world.answer("job.resume", Samples.transfer("JOB", "QUEUED", "'percent':null"))
                .answer("job.resume", Samples.failed("JOB").replace("FAILED", "PAUSED"));

        assertThat(world.run("resume", "Music")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("resume", "Music")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsOnly("job.resume {name=Music}");
        assertThat(world.terminal.out.get(0)).isEqualTo("Music  queued");
        assertThat(world.terminal.out.get(1)).startsWith("Music  paused").endsWith("  the disk is full");
        assertThat(world.terminal.out.get(3)).isEqualTo("  make room, then: bitween recheck");
    }

    @Test
    void get_says_at_once_what_keeps_a_job_from_its_disk() {
        world.answer(
                "job.get", Samples.got(Samples.failed("JOB").replace("FAILED", "PAUSED"), false, Samples.holder(true)));

        assertThat(world.run("get", "alice/Music")).isEqualTo(ExitCodes.OK);

        assertThat(world.out())
                .contains("job stored: #3 Music")
                .contains("Music: the disk is full")
                .doesNotContain("bitween jobs");
    }
}
