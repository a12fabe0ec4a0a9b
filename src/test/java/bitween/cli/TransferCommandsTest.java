package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a person does with a share or job that is there; how it begins is in {@link ShareCommandTest} and {@link GetCommandTest}. */
class TransferCommandsTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void ctrl_c_says_that_it_goes_on() {
        world.answer("share.add", Samples.transfer("SHARE", "HASHING", ""))
                .answer("transfer.wait", Samples.transfer("SHARE", "SEEDING", ""))
                .answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(true)));

        world.run("share", "/m");
        world.run("get", "alice/Music", "--wait");

        assertThat(world.terminal.interrupted)
                .containsExactly(
                        "the hashing goes on; bitween unshare '#3' stops it",
                        "closed",
                        "the job goes on; bitween jobs shows how far it is",
                        "closed");
    }

    @Test
    void shares_and_unshare() {
        world.answer("shares", "{'shares':[" + Samples.transfer("SHARE", "SEEDING", "'uploadedBytes':5000000") + "]}")
                .answer("share.rm", Samples.transfer("SHARE", "SEEDING", ""));

        world.run("shares");
        world.run("unshare", "music");

        assertThat(world.terminal.out)
                .containsExactly(
                        "NAME      SIZE  FILES  STATE    FOR       UPLOADED     UP  PLACE",
                        "Music  64.0 MB    203  seeding  everyone    5.0 MB  0 B/s  /home/me/Downloads/Music",
                        "Music is no longer shared; it stays where it is, in /home/me/Downloads/Music");
        assertThat(world.calls).endsWith("share.rm {name=music}");
    }

    @Test
    void jobs_are_a_table_with_what_went_wrong_below() {
        world.answer("jobs", "{'jobs':[" + Samples.downloading() + "," + Samples.failed("JOB") + "]}");

        assertThat(world.run("jobs")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "#  NAME   STATE           DONE     SIZE      DOWN     UP  LEFT  FROM",
                        "3  Music  downloading   25.0 %  64.0 MB  1.0 MB/s  0 B/s  48 s  alice@example.org",
                        "3  Music  failed       100.0 %  64.0 MB     0 B/s  0 B/s     -",
                        "Music: the disk is full (since 11:00, tries again in 42 s)",
                        "  make room, then: bitween recheck");
    }

    @Test
    void a_job_without_a_peer_connects_to_who_has_it_or_waits_for_a_friend() {
        world.answer(
                "jobs",
                "{'jobs':["
                        + Samples.transfer("JOB", "DOWNLOADING", "'percent':42.9") + ","
                        + Samples.transfer("JOB", "DOWNLOADING", "'percent':42.9;'peers':[],'holdersOnline':1") + ","
                        + Samples.transfer("JOB", "WAITING_FOR_FRIEND", "'percent':0.0;'peers':[],'holdersOnline':1")
                        + "]}");

        world.run("jobs");

        assertThat(world.terminal.out)
                .containsExactly(
                        "#  NAME   STATE                 DONE     SIZE   DOWN     UP  LEFT  FROM",
                        "3  Music  waits for a friend  42.9 %  64.0 MB  0 B/s  0 B/s     -",
                        "3  Music  connecting          42.9 %  64.0 MB  0 B/s  0 B/s     -",
                        "3  Music  connecting           0.0 %  64.0 MB  0 B/s  0 B/s     -");
    }

    @Test
    void a_job_whose_files_are_gone_is_not_called_complete() {
        world.answer(
                "jobs",
                "{'jobs':["
                        + Samples.transfer(
                                "JOB",
                                "COMPLETE",
                                "'error':{'code':'PATH_MISSING','message':'its files are gone','hint':'bring them back','since':null,'retryAt':null}")
                        + "]}");

        world.run("jobs");

        assertThat(world.terminal.out.get(1)).contains("files are gone").doesNotContain("complete");
        assertThat(world.terminal.out).endsWith("Music: its files are gone", "  bring them back");
    }

    @Test
    void rm_asks_a_person_and_takes_no_for_an_answer() {
        world.terminal.interactive = true;
        world.terminal.typed.add("n");
        world.answer("transfer.get", Samples.transfer("JOB", "COMPLETE", ""))
                .answer("job.rm", Samples.transfer("JOB", "COMPLETE", ""));

        assertThat(world.run("rm", "Music", "--with-files")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.questions)
                .containsExactly("Forget Music and delete /home/me/Downloads/Music? [y/N] ");
        assertThat(world.calls).containsExactly("transfer.get {kind=GOT, name=Music}");
        assertThat(world.out()).isEqualTo("nothing was removed");
    }

    @Test
    void rm_removes_when_confirmed_and_asks_scripts_for_yes_only_before_files_go() {
        world.terminal.interactive = true;
        world.terminal.typed.add("Yes");
        world.answer("transfer.get", Samples.transfer("JOB", "COMPLETE", ""))
                .answer("job.rm", removed(true))
                .answer("job.rm", removed(false));

        assertThat(world.run("rm", "Music")).isEqualTo(ExitCodes.OK);
        world.terminal.interactive = false;
        assertThat(world.run("rm", "Music", "--with-files")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("nobody can be asked").contains("--yes");
        assertThat(world.run("rm", "Music", "--with-files", "--yes")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly(
                        "transfer.get {kind=GOT, name=Music}",
                        "job.rm {name=#3, withFiles=false}",
                        "job.rm {name=Music, withFiles=true}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "Music is forgotten; it stays in /home/me/Downloads/Music", "Music is removed with its files");
    }

    @Test
    void rm_tells_files_that_were_gone_and_what_else_stays() {
        world.answer("job.rm", removed(false))
                .answer("job.rm", removed(true))
                .answer("job.rm", removed(true).replace("'deleting':false", "'deleting':true"));
        assertThat(world.run("rm", "Music")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("rm", "Music", "--with-files", "--yes")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("rm", "Music", "--with-files", "--yes")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "Music is forgotten; its files were gone before: nothing is at /home/me/Downloads/Music",
                        "Music is removed with its files; what else is in /home/me/Downloads/Music stays",
                        "Music is removed; its files are still being deleted, which goes on by itself");
    }

    private static String removed(boolean remains) {
        return Samples.transfer("JOB", "COMPLETE", "")
                .replaceFirst(".$", ",'remains':" + remains + ",'deleting':false}");
    }

    @Test
    void rm_of_a_job_that_is_not_whole_promises_no_files() {
        world.terminal.interactive = true;
        world.terminal.typed.add("y");
        world.answer("transfer.get", Samples.downloading()).answer("job.rm", Samples.downloading());

        world.run("rm", "Music");

        assertThat(world.terminal.questions)
                .containsExactly("Forget the job Music? What has come of it is deleted. [y/N] ");
        assertThat(world.out()).isEqualTo("Music is forgotten");
    }

    @Test
    void recheck_begins_and_says_where_to_look() {
        world.answer("transfer.recheck", Samples.transfer("JOB", "VERIFYING", ""));

        assertThat(world.run("recheck", "Music")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).isEqualTo("Music is being checked; bitween info '#3' shows how far it is");
    }

    @Test
    void relocate_says_where_the_share_is_now() {
        world.answer("share.relocate", Samples.transfer("SHARE", "VERIFYING", ""));
        world.answer("transfer.wait", Samples.transfer("SHARE", "SEEDING", "'place':'/srv/music'"));

        assertThat(world.run("relocate", "Music", "/srv")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).isEqualTo("Music is shared from /srv/music");
    }

    @Test
    void relocate_fails_with_what_was_not_found() {
        world.answer("share.relocate", Samples.transfer("SHARE", "VERIFYING", ""));
        world.answer(
                "transfer.wait",
                Samples.transfer(
                        "SHARE",
                        "MISSING",
                        "'error':{'code':'PATH_MISSING','message':'1 of 2 files were found','hint':'look again','since':null,'retryAt':null}"));

        assertThat(world.run("relocate", "Music", "/srv", "--rename")).isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(world.err()).endsWith("bitween: Music: 1 of 2 files were found\n  look again");
    }

    @Test
    void move_says_where_it_is_now() {
        world.answer("transfer.move", Samples.transfer("JOB", "MOVING", ""));
        world.answer("transfer.wait", Samples.transfer("JOB", "DOWNLOADING", "'place':'/srv/music'"));

        assertThat(world.run("move", "Music", "/srv")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).isEqualTo("Music is at /srv/music");
    }

    @Test
    void move_fails_with_the_reason_why_it_stays() {
        world.answer("transfer.move", Samples.transfer("SHARE", "MOVING", ""));
        world.answer(
                "transfer.wait",
                Samples.transfer(
                        "SHARE",
                        "SEEDING",
                        "'error':{'code':'DISK_FULL','message':'no space left','hint':'make room','since':null,'retryAt':null}"));

        assertThat(world.run("move", "Music", "/srv")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).endsWith("bitween: Music: no space left\n  make room");
    }
}
