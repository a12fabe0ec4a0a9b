package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void files_of_a_job_have_priorities_of_their_own_which_info_shows() {
        String job = Samples.downloading()
                .replace("'filePriorities':[]", "'filePriorities':[{'what':'Extras/*.mkv','priority':'HIGH'}]");
        world.answer("job.priority", job).answer("info", "{'transfer':" + job + ",'share':null,'holders':[]}");

        world.run("priority", "Music/Extras/*.mkv", "high");
        world.run("info", "Music");

        assertThat(world.calls.get(0)).isEqualTo("job.priority {name=Music/Extras/*.mkv, priority=high}");
        assertThat(world.terminal.out.get(0)).startsWith("in Music, Extras/*.mkv has high priority: ");
        assertThat(world.terminal.out).contains("files      high: Extras/*.mkv");
    }

    @Test
    void a_file_is_written_out_byte_for_byte_once_it_is_here(@TempDir Path temp) throws Exception {
        byte[] content = {0, 10, 13, -1, 27};
        Files.write(Files.createDirectories(temp.resolve("Live")).resolve("1.flac"), content);
        String place = "'place':'" + temp + "'";
        world.answer(
                        "job.get",
                        Samples.got(Samples.transfer("JOB", "DOWNLOADING", place), false, Samples.holder(true))
                                .replace("'known'", "'path':'Live/1.flac','known'"))
                .answer("transfer.wait", Samples.transfer("JOB", "COMPLETE", place));

        assertThat(world.run("get", "alice/Music/live/1.FLAC", "-")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls.get(0)).isEqualTo("job.get {ref=alice/Music/live/1.FLAC, single=true}");
        assertThat(world.terminal.content.toByteArray()).isEqualTo(content);
        assertThat(world.terminal.out).isEmpty();
    }

    @Test
    void nothing_is_written_out_of_what_failed_or_is_no_file() {
        world.answer("job.get", Samples.got(Samples.failed("JOB"), false, Samples.holder(true)));
        assertThat(world.run("get", "alice/Music", "-")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.run("get", "alice/Music", "elsewhere")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("get", "alice/Music", "-", "--json")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("get", "alice/Music", "-", "--only", "*.x")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.content.size()).isZero();
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
