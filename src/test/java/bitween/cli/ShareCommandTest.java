package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShareCommandTest {
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
    void share_says_that_it_is_live() {
        world.answer("share.add", Samples.transfer("SHARE", "HASHING", ""))
                .answer(
                        "transfer.wait",
                        Samples.transfer("SHARE", "SEEDING", "").replace("'id':3", "'id':3,'revision':1"));

        assertThat(world.run("share", "/m", "--live")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).contains("share.add {mode=LIVE, path=/m}");
        assertThat(world.out()).contains("live       revision 1; each change in it becomes the next");
    }

    @Test
    void a_live_share_can_keep_revisions_and_a_frozen_one_cannot() {
        world.answer("share.add", Samples.transfer("SHARE", "SEEDING", "").replace("'id':3", "'id':3,'revision':1"));

        assertThat(world.run("share", "/m", "--live", "--keep-revisions", "5", "--no-wait"))
                .isEqualTo(ExitCodes.OK);
        assertThat(world.calls).contains("share.add {keepRevisions=5, mode=LIVE, path=/m}");
        world.calls.clear();

        assertThat(world.run("share", "/m", "--frozen", "--keep-revisions", "5"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }

    @Test
    void how_many_revisions_are_kept_is_said_anew_by_path_or_name() {
        String notes = Samples.transfer("SHARE", "SEEDING", "").replace("'id':3", "'id':3,'revision':1");
        world.answer("share.add", notes).answer("transfer.get", notes);
        String place = Samples.transfer("SHARE", "SEEDING", "").replaceFirst("(?s).*'place':'([^']*)'.*", "$1");

        assertThat(world.run("share", "/m", "--keep-revisions", "0", "--no-wait"))
                .isEqualTo(ExitCodes.OK);
        assertThat(world.run("share", "Notes", "--keep-revisions", "7", "--no-wait"))
                .isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly(
                        "share.add {keepRevisions=0, path=/m}",
                        "transfer.get {kind=SHARE, name=Notes}",
                        "share.add {keepRevisions=7, path=" + place + "}");
    }

    @Test
    void how_long_its_pieces_are_can_be_said() {
        world.answer("share.add", Samples.transfer("SHARE", "SEEDING", ""));

        for (String size : List.of("64K", "64KiB", "65536")) {
            world.run("share", "/m", "--piece-size", size, "--no-wait");
        }
        assertThat(world.calls).hasSize(3).containsOnly("share.add {path=/m, pieceLength=65536}");
        world.calls.clear();

        for (String none : List.of("large", "-1", "1.5M", "1G", "")) {
            assertThat(world.run("share", "/m", "--piece-size=" + none)).isEqualTo(ExitCodes.USAGE);
        }
        assertThat(world.calls).isEmpty();
    }

    @Test
    void a_share_is_not_live_and_frozen() {
        assertThat(world.run("share", "/m", "--live", "--frozen")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }

    @Test
    void nothing_is_named_by_a_variable_that_is_not_set_and_not_the_folder_one_is_in() {
        assertThat(world.run("share", "", "--to", "everyone")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("send", "", "bob")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("get", "bob/Music", "--to", "")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("move", "Music", "")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.calls).isEmpty();
        assertThat(world.err()).contains("'' is no path");
    }
}
