package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TransferCommandsTest {
    private static final String LEFT_OUT = Samples.transfer(
            "SHARE",
            "HASHING",
            "'finished':null,'leftOut':{'count':3,'reasons':{'HIDDEN':2,'SYMBOLIC_LINK':1},"
                    + "'first':[{'path':'.git','reason':'HIDDEN'}]}");

    private final FakeWorld world = new FakeWorld();

    @Test
    void share_shows_the_hashing_and_then_what_friends_need() {
        world.terminal.interactive = true;
        world.answer(
                        "share.add",
                        Samples.transfer(
                                "SHARE",
                                "HASHING",
                                "'hash':null;'magnet':null;'files':null;'percent':0.0;'doneBytes':0"))
                .answer("transfer.wait", Samples.transfer("SHARE", "HASHING", "'percent':25.0;'doneBytes':16000000"))
                .answer("transfer.wait", Samples.transfer("SHARE", "SEEDING", ""));

        assertThat(world.run("share", "../Music", "--name", "My music", "--to", "everyone"))
                .isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly(
                        "share.add {name=My music, path=/srv/Music, to=[everyone]}",
                        "transfer.wait {id=3, timeoutMs=500}",
                        "transfer.wait {id=3, timeoutMs=500}");
        assertThat(world.terminal.progress)
                .containsExactly(
                        "Music  hashing  0.0 %  0 B of 64.0 MB", "Music  hashing  25.0 %  16.0 MB of 64.0 MB", "");
        assertThat(world.terminal.out)
                .containsExactly(
                        "name       Music",
                        "size       203 files, 64.0 MB",
                        "for        everyone",
                        "info-hash  " + Samples.HASH,
                        "magnet     " + Samples.MAGNET);
    }

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
    void share_without_waiting_returns_at_once() {
        world.answer("share.add", Samples.transfer("SHARE", "HASHING", "'hash':null"));

        assertThat(world.run("share", "/m", "--no-wait")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("share.add {path=/m}");
        assertThat(world.out()).isEqualTo("Music is being hashed; bitween shares shows how far it is");
    }

    @Test
    void share_says_how_much_is_left_out_and_why() {
        world.answer("share.add", LEFT_OUT).answer("transfer.wait", Samples.transfer("SHARE", "SEEDING", ""));

        world.run("share", "/m");

        assertThat(world.terminal.out)
                .endsWith(
                        "magnet     " + Samples.MAGNET, "left out   2 hidden things, 1 symbolic link (-v names them)");
    }

    @Test
    void share_names_the_first_that_are_left_out_when_asked() {
        world.answer("share.add", LEFT_OUT).answer("transfer.wait", Samples.transfer("SHARE", "SEEDING", ""));

        world.run("share", "/m", "-v");

        assertThat(world.terminal.out)
                .endsWith(
                        "left out   2 hidden things, 1 symbolic link:",
                        "           .git (hidden thing)",
                        "           and 2 more");
    }

    @Test
    void share_as_json_has_what_is_left_out_beside_the_share_as_it_is_in_the_end() {
        world.answer("share.add", LEFT_OUT).answer("transfer.wait", Samples.transfer("SHARE", "SEEDING", ""));

        world.run("share", "/m", "--json");

        assertThat(world.out())
                .contains("\"state\":\"SEEDING\"")
                .contains("\"leftOut\":{\"count\":3,\"reasons\":{\"HIDDEN\":2,\"SYMBOLIC_LINK\":1},"
                        + "\"first\":[{\"path\":\".git\",\"reason\":\"HIDDEN\"}]}");
    }

    @Test
    void a_share_whose_hashing_fails_is_an_error() {
        world.answer("share.add", Samples.transfer("SHARE", "HASHING", ""))
                .answer("transfer.wait", Samples.failed("SHARE"));

        assertThat(world.run("share", "/m")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.err)
                .endsWith("bitween: Music: the disk is full", "  make room, then: bitween recheck");
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
    void info_shows_all_of_a_job() {
        world.answer(
                "info",
                "{'transfer':" + Samples.downloading() + ",'share':null,'holders':[" + Samples.holder(true) + "]}");

        assertThat(world.run("info", "Music")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "name       Music",
                        "size       203 files, 64.0 MB",
                        "job        #3 since 11:00",
                        "state      downloading, 25.0 % (16.0 MB)",
                        "place      /home/me/Downloads/Music",
                        "rates      1.0 MB/s down, 0 B/s up, 0 B uploaded so far",
                        "left       48 s",
                        "info-hash  " + Samples.HASH,
                        "content id " + "c".repeat(64),
                        "magnet     " + Samples.MAGNET,
                        "shared by  alice@example.org (laptop, online)",
                        "           r",
                        "PEER               DEVICE  ADDRESS             DOWN     UP",
                        "alice@example.org  laptop  192.0.2.1:6881  1.0 MB/s  0 B/s");
    }

    @Test
    void info_of_a_friends_share_says_how_to_get_it() {
        world.answer(
                "info",
                "{'transfer':null,'share':" + Samples.share("Music", true) + ",'holders':[" + Samples.holder(true)
                        + "]}");

        world.run("info", "alice/Music");

        assertThat(world.terminal.out).contains("state      not here: bitween get alice/Music");
    }

    @Test
    void info_names_each_device_that_has_it_with_its_id_in_groups() {
        String laptop = Samples.holder(true).replace("'id':'r'", "'id':'" + "0123".repeat(16) + "'");
        String phone = Samples.holder(false)
                .replace("'laptop'", "'phone','copy':'tunes'")
                .replace("'id':'r'", "'id':'89ab'");
        world.answer(
                "info",
                "{'transfer':null,'share':" + Samples.share("Music", true) + ",'holders':[" + laptop + "," + phone
                        + "]}");

        world.run("info", "alice/Music");

        assertThat(world.terminal.out)
                .containsSequence(
                        "shared by  alice@example.org (laptop, online)",
                        "           0123 0123 0123 0123 0123 0123 0123 0123 0123 0123 0123 0123 0123 0123 0123 0123",
                        "           alice@example.org (phone, away), a copy: tunes",
                        "           89ab");
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
        assertThat(world.calls).containsExactly("transfer.get {kind=JOB, name=Music}");
        assertThat(world.out()).isEqualTo("nothing was removed");
    }

    @Test
    void rm_removes_when_confirmed_and_asks_scripts_for_yes_only_before_files_go() {
        world.terminal.interactive = true;
        world.terminal.typed.add("Yes");
        world.answer("transfer.get", Samples.transfer("JOB", "COMPLETE", ""))
                .answer("job.rm", Samples.transfer("JOB", "COMPLETE", ""));

        assertThat(world.run("rm", "Music")).isEqualTo(ExitCodes.OK);
        world.terminal.interactive = false;
        assertThat(world.run("rm", "Music", "--with-files")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("nobody can be asked").contains("--yes");
        assertThat(world.run("rm", "Music", "--with-files", "--yes")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly(
                        "transfer.get {kind=JOB, name=Music}",
                        "job.rm {name=#3, withFiles=false}",
                        "job.rm {name=Music, withFiles=true}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "Music is forgotten; it stays in /home/me/Downloads/Music", "Music is removed with its files");
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

    @Test
    void what_nobody_shares_is_not_found() {
        world.fail("job.get", ErrorCode.UNKNOWN_SHARE, "alice shares nothing called 'x'", "did you mean 'y'?");

        assertThat(world.run("get", "alice/x")).isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(world.err()).isEqualTo("bitween: alice shares nothing called 'x'\n  did you mean 'y'?");
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
