package bitween.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class GetCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void get_returns_once_the_job_is_stored() {
        world.answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(true)));

        assertThat(world.run("get", "alice/Music", "--to", "here")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("job.get {ref=alice/Music, to=/srv/dir/here}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "job stored: #3 Music (203 files, 64.0 MB) to /home/me/Downloads/Music",
                        "bitween jobs shows how far it is");
    }

    @Test
    void get_says_that_it_brings_what_is_here_up_to_date() {
        world.answer(
                "job.get",
                Samples.got(Samples.downloading(), false, Samples.holder(true))
                        .replace("'known'", "'updates':true,'known'"));

        world.run("get", "alice/Music");

        assertThat(world.terminal.out.get(0))
                .isEqualTo(
                        "job stored: #3 Music (203 files, 64.0 MB) brings /home/me/Downloads/Music up to date; what you changed there stays beside it");
    }

    @Test
    void get_passes_on_with_whom_it_is_shared_on() {
        world.answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(true)));

        assertThat(world.run("get", "alice/Music", "--reshare-to", "@family", "--reshare-to", "bob"))
                .isEqualTo(ExitCodes.OK);
        assertThat(world.run("get", "alice/Music", "--reshare")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls.get(0)).contains("reshareTo=[@family, bob]").doesNotContain("reshare=");
        assertThat(world.calls.get(1)).contains("reshare=true");
        world.run("get", "alice/Music", "--no-reshare");
        assertThat(world.calls.get(2)).contains("reshare=false");
    }

    @Test
    void get_says_what_the_friends_list_says_as_long_as_there_is_no_more() {
        String unknown = Samples.transfer("JOB", "METADATA", "'sizeBytes':null;'files':null;'place':'/d/69415f01'");
        world.answer(
                "job.get",
                Samples.got(unknown, false, Samples.holder(true))
                        .replace("'known'", "'share':" + Samples.share("Music", true) + ",'known'"));

        world.run("get", "alice/Music");

        assertThat(world.terminal.out.get(0)).isEqualTo("job stored: #3 Music (203 files, 64.0 MB) into /d");
    }

    @Test
    void get_says_when_nobody_has_it_or_who_has_it_is_away() {
        world.answer("job.get", Samples.got(Samples.transfer("JOB", "WAITING_FOR_FRIEND", ""), false, ""))
                .answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(false)));

        world.run("get", Samples.HASH);
        world.run("get", "alice/Music");

        assertThat(world.terminal.out.get(1))
                .isEqualTo("no friend shares it at the moment: the job waits until one does");
        assertThat(world.terminal.out.get(3)).isEqualTo("who has it is offline: the job waits until they are back");
    }

    @Test
    void get_of_what_is_here_says_where_and_succeeds() {
        world.answer("job.get", Samples.got(Samples.transfer("SHARE", "SEEDING", ""), true, ""));

        assertThat(world.run("get", Samples.HASH, "--wait")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).isEqualTo("already here: /home/me/Downloads/Music");
    }

    @Test
    void get_and_wait_shows_progress_and_ends_when_every_byte_is_verified() {
        world.terminal.interactive = true;
        world.answer("job.get", Samples.got(Samples.transfer("JOB", "METADATA", "'percent':null"), false, ""))
                .answer("transfer.wait", Samples.downloading())
                .answer("transfer.wait", Samples.transfer("JOB", "COMPLETE", ""));

        assertThat(world.run("get", "alice/Music", "--wait")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.progress)
                .containsExactly(
                        "Music  asks for the file list",
                        "Music  downloading  25.0 %  16.0 MB of 64.0 MB  1.0 MB/s  48 s left  from alice@example.org",
                        "");
        assertThat(world.out()).isEqualTo("Music is here, verified: /home/me/Downloads/Music (203 files, 64.0 MB)");
    }

    @Test
    void get_says_that_another_folder_comes_too_late() {
        world.answer("job.get", Samples.got(Samples.transfer("JOB", "COMPLETE", ""), true, ""))
                .answer("job.get", Samples.got(Samples.downloading(), true, Samples.holder(true)));

        world.run("get", "alice/Music", "--to", "/elsewhere");
        world.run("get", "alice/Music", "--to", "/home/me/Downloads");

        assertThat(world.terminal.out)
                .containsExactly(
                        "already here: /home/me/Downloads/Music; --to changes nothing, bitween rm forgets it first",
                        "already on its way: #3 Music  downloading  25.0 %  16.0 MB of 64.0 MB  1.0 MB/s  48 s left"
                                + "  from alice@example.org",
                        "bitween jobs shows how far it is");
    }

    @Test
    void get_says_why_a_second_copy_has_a_number() {
        String second = Samples.transfer("JOB", "COMPLETE", "'name':'Music (2)'");
        world.answer(
                        "job.get",
                        Samples.got(Samples.transfer("JOB", "METADATA", ""), false, "")
                                .replace("'known'", "'share':" + Samples.share("Music", true) + ",'known'"))
                .answer("transfer.wait", second);

        world.run("get", "alice/Music", "--wait");

        assertThat(world.terminal.out).endsWith("another Music stood there before, hence the number");
    }

    @Test
    void get_and_wait_fails_as_the_job_fails() {
        world.answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(true)))
                .answer("transfer.wait", Samples.failed("JOB"));

        assertThat(world.run("get", "alice/Music", "--wait")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).endsWith("bitween: Music: the disk is full\n  make room, then: bitween recheck");
    }

    @Test
    void get_and_wait_gives_up_in_time_and_the_job_goes_on() {
        world.clock = new TickingClock();
        world.answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(true)))
                .answer("transfer.wait", Samples.downloading());

        assertThat(world.run("get", "alice/Music", "--wait", "--timeout", "3")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err())
                .endsWith("bitween: Music is not here after 3 s: downloading\n"
                        + "  the job goes on; bitween jobs shows how far it is");
    }

    @Test
    void what_nobody_shares_is_not_found() {
        world.fail("job.get", ErrorCode.UNKNOWN_SHARE, "alice shares nothing called 'x'", "did you mean 'y'?");

        assertThat(world.run("get", "alice/x")).isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(world.err()).isEqualTo("bitween: alice shares nothing called 'x'\n  did you mean 'y'?");
    }

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
    void a_file_is_written_out_byte_for_byte_while_it_comes(@TempDir Path temp) throws Exception {
        byte[] content = {0, 10, 13, -1, 27};
        Path file = Files.write(temp.resolve("1.flac"), content);
        String job = Samples.transfer("JOB", "DOWNLOADING", "'files':1");
        world.answer("job.get", got(job))
                .answer("job.read", stretch(file, "2", "5", job))
                .answer("job.read", stretch(null, "2", "5", job))
                .answer("job.read", stretch(file, "5", "5", job))
                .answer("transfer.get", job)
                .answer("transfer.wait", Samples.transfer("JOB", "COMPLETE", "'files':1"));

        assertThat(world.run("get", "alice/Music/live/1.FLAC", "-")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly(
                        "job.get {ref=alice/Music/live/1.FLAC, single=true}",
                        "job.read {id=3, offset=0, path=Live/1.flac}",
                        "job.read {id=3, offset=2, path=Live/1.flac}",
                        "job.read {id=3, offset=2, path=Live/1.flac}",
                        "transfer.get {name=#3}",
                        "transfer.wait {id=3, timeoutMs=500}");
        assertThat(world.terminal.content.toByteArray()).isEqualTo(content);
        assertThat(world.terminal.out).isEmpty();
    }

    @Test
    void a_file_that_takes_its_place_just_now_is_read_there(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("1.flac"), "12345");
        String job = Samples.transfer("JOB", "COMPLETE", "'files':1");
        world.answer("job.get", got(job))
                .answer("job.read", stretch(temp.resolve("gone"), "2", "5", job))
                .answer("job.read", stretch(file, "5", "5", job))
                .answer("transfer.get", job);

        assertThat(world.run("get", "alice/Music/live/1.FLAC", "-")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.content.toString(UTF_8)).isEqualTo("12345");
    }

    @Test
    void a_file_that_is_cut_off_while_it_is_read_is_an_error(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("1.flac"), "123");
        String job = Samples.transfer("JOB", "COMPLETE", "'files':1");
        world.answer("job.get", got(job)).answer("job.read", stretch(file, "5", "5", job));

        assertThat(world.run("get", "alice/Music/live/1.FLAC", "-")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.err()).contains(file + " was cut off here while it was read", "recheck '#3'");
    }

    @Test
    void who_reads_no_further_is_told_what_becomes_of_the_job(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("1.flac"), "12345");
        String job = Samples.transfer("JOB", "DOWNLOADING", "'files':1");
        world.answer("job.get", got(job)).answer("job.read", stretch(file, "2", "5", job));
        world.terminal.reads = false;

        assertThat(world.run("get", "alice/Music/live/1.FLAC", "-")).isEqualTo(ExitCodes.NOT_READ);

        assertThat(world.terminal.err)
                .endsWith(
                        "bitween: nobody reads the rest",
                        "  the job goes on; bitween jobs shows how far it is, bitween rm '#3' forgets it");
    }

    @Test
    void a_job_that_fails_meanwhile_is_an_error() {
        String job = Samples.transfer("JOB", "DOWNLOADING", "'files':1");
        world.answer("job.get", got(job)).answer("job.read", stretch(null, "0", "5", Samples.failed("JOB")));

        assertThat(world.run("get", "alice/Music/live/1.FLAC", "-")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).contains("Music: ");
    }

    @Test
    void a_file_that_takes_too_long_is_an_error() {
        String job = Samples.transfer("JOB", "DOWNLOADING", "'files':1");
        world.answer("job.get", got(job)).answer("job.read", stretch(null, "0", "5", job));
        world.clock = new TickingClock();

        assertThat(world.run("get", "alice/Music/live/1.FLAC", "-", "--timeout", "3"))
                .isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).contains("Music is not here after 3 s: ");
    }

    private static String got(String job) {
        return Samples.got(job, false, Samples.holder(true)).replace("'known'", "'path':'Live/1.flac','known'");
    }

    private static String stretch(@Nullable Path file, String until, String sizeBytes, String job) {
        return "{'file':" + (file == null ? "null" : "'" + file + "'") + ",'until':" + until + ",'sizeBytes':"
                + sizeBytes + ",'transfer':" + job + "}";
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

    /** Each look is a second later. */
    private static final class TickingClock extends Clock {
        private long seconds;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            seconds++;
            return Instant.ofEpochSecond(seconds);
        }
    }
}
