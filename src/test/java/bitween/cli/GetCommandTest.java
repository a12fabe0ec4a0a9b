package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What of a share is wanted. */
class GetCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void get_passes_on_what_is_wanted_of_a_share_and_says_how_much_that_is() {
        String some =
                Samples.transfer("JOB", "DOWNLOADING", "'sizeBytes':2000000;'files':3;'only':['*.flac','Covers/**']");
        world.answer("job.get", Samples.got(some, false, Samples.holder(true)));

        assertThat(world.run("get", "alice/Music", "--only", "*.flac", "--only", "Covers/**"))
                .isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("job.get {only=[*.flac, Covers/**], ref=alice/Music}");
        assertThat(world.terminal.out.get(0))
                .isEqualTo("job stored: #3 Music (3 files, 2.0 MB of 203 files, 64.0 MB) to /home/me/Downloads/Music");
    }

    @Test
    void it_is_said_how_much_a_job_matters() {
        world.answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(true)))
                .answer("job.priority", Samples.transfer("JOB", "QUEUED", "'priority':'HIGH'"));

        world.run("get", "alice/Music", "--priority", "low");
        world.terminal.out.clear();
        world.run("priority", "Music", "high");

        assertThat(world.calls)
                .containsExactly("job.get {priority=low, ref=alice/Music}", "job.priority {name=Music, priority=high}");
        assertThat(world.terminal.out).containsExactly("Music has high priority: queued");
    }

    @Test
    void get_says_what_was_wished_for_until_it_is_known_how_much_that_is() {
        String unknown = Samples.transfer(
                "JOB", "METADATA", "'sizeBytes':null;'files':null;'only':['*.flac'];'place':'/d/69415f01'");
        world.answer("job.get", Samples.got(unknown, false, Samples.holder(true)));

        world.run("get", "alice/Music", "--only", "*.flac");

        assertThat(world.terminal.out.get(0)).isEqualTo("job stored: #3 Music, of it only *.flac");
    }
}
