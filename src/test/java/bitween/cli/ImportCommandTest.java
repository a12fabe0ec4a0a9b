package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportCommandTest {
    private static final String MUSIC = torrent("'Music'", "'/srv/Music'", "HERE", "");
    private static final String FILMS = torrent("'Films'", "'/srv/Films'", "HERE", "");
    private static final String BOOKS = torrent("'Books'", "'/srv/Books'", "WANTED", "");
    private static final String GONE = torrent("'Gone'", "'/srv/Gone'", "LOST", "it is no longer there");
    private static final String BAD = torrent("'../up'", "null", "REFUSED", "its name has a slash");
    private static final String HASHING = Samples.transfer("SHARE", "HASHING", "");

    private final FakeWorld world = new FakeWorld();

    @Test
    void what_is_there_is_shared_and_what_is_not_is_asked_for() {
        read(MUSIC, BOOKS);
        world.answer("share.add", HASHING).answer("job.get", Samples.got(Samples.downloading(), false, ""));

        assertThat(run("--to", "@family", "--to", "bob")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly(
                        "import.read {path=/srv/old.db}",
                        "share.add {path=/srv/Music, to=[@family, bob]}",
                        "job.get {ref=" + Samples.MAGNET + "}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "NAME   RESULT              PLACE",
                        "Music  shared, is hashed   /srv/Music",
                        "Books  waits for a friend  /srv/Books",
                        "bitween shares shows how far the hashing is");
    }

    @Test
    void a_second_time_says_that_all_is_known_already() {
        read(MUSIC, BOOKS);
        world.fail("share.add", ErrorCode.ALREADY_SHARED, "/srv/Music is shared already, as 'Music'", "")
                .answer("job.get", Samples.got(Samples.downloading(), true, ""));

        assertThat(run()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "NAME   RESULT             PLACE",
                        "Music  shared already     /srv/Music",
                        "Books  asked for already  /srv/Books");
    }

    @Test
    void what_fails_is_told_and_does_not_stop_the_others() {
        read(MUSIC, GONE, BAD, FILMS);
        world.fail(
                        "share.add",
                        ErrorCode.NAME_TAKEN,
                        "another share is called 'Music'",
                        "choose another name with --name")
                .answer("share.add", HASHING);

        assertThat(run()).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.out)
                .containsExactly(
                        "NAME   RESULT             PLACE",
                        "Music  not imported       /srv/Music",
                        "Gone   not imported       /srv/Gone",
                        "../up  not imported       -",
                        "Films  shared, is hashed  /srv/Films",
                        "Music: another share is called 'Music'",
                        "  share it with: bitween share PATH --name N",
                        "Gone: it is no longer there",
                        "  ask who shared it to share it again, then: bitween get FRIEND/SHARE",
                        "../up: its name has a slash",
                        "bitween shares shows how far the hashing is");
    }

    @Test
    void a_dry_run_only_lists() {
        read(MUSIC, BOOKS, GONE);

        assertThat(run("--dry-run")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("import.read {path=/srv/old.db}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "NAME   WHAT WOULD BE DONE              PLACE",
                        "Music  share it                        /srv/Music",
                        "Books  wait for a friend who has it    /srv/Books",
                        "Gone   nothing: it is no longer there  /srv/Gone");
    }

    @Test
    void names_cannot_write_to_the_terminal() {
        read(torrent("'a\\u001b[2Jb'", "'/srv/\\u001b]0;x'", "HERE", ""));

        run("--dry-run");

        assertThat(world.terminal.out).last().isEqualTo("a\uFFFD[2Jb  share it            /srv/\uFFFD]0;x");
    }

    @Test
    void a_person_is_asked_once_for_whom_it_all_is() {
        read(MUSIC, FILMS);
        world.terminal.interactive = true;
        world.terminal.typed.addAll(List.of("@family", "n"));
        world.answer("friends", "{'friends':[]}")
                .fail("share.add", ErrorCode.AUDIENCE_MISSING, "nobody said who may have /srv/Music", "add --to")
                .answer("share.add", HASHING);

        assertThat(run()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.questions).hasSize(2);
        assertThat(world.calls)
                .containsExactly(
                        "import.read {path=/srv/old.db}",
                        "share.add {path=/srv/Music}",
                        "friends {}",
                        "share.add {path=/srv/Music, to=[@family]}",
                        "share.add {path=/srv/Films, to=[@family]}");
    }

    @Test
    void a_program_is_told_that_nobody_said_for_whom() {
        read(MUSIC, FILMS);
        world.fail("share.add", ErrorCode.AUDIENCE_MISSING, "nobody said who may have /srv/Music", "add --to");

        assertThat(run()).isEqualTo(ExitCodes.USAGE);

        assertThat(world.calls).hasSize(2);
        assertThat(world.err()).startsWith("bitween: nobody said who may have /srv/Music");
    }

    @Test
    void as_json_each_has_its_result_and_its_error() {
        read(MUSIC, GONE);
        world.answer("share.add", HASHING);

        assertThat(run("--json")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.out).hasSize(1);
        assertThat(world.out())
                .contains(
                        "\"place\":\"/srv/Music\",\"state\":\"HERE\",\"problem\":\"\",\"result\":\"SHARED\",\"error\":null}")
                .contains(
                        "\"result\":\"NOT_IMPORTED\",\"error\":{\"code\":\"PATH_MISSING\",\"message\":\"it is no longer there\"");
    }

    @Test
    void a_database_without_torrents_is_said_to_be_so() {
        read();

        assertThat(run()).isEqualTo(ExitCodes.OK);

        assertThat(world.out()).isEqualTo("there are no torrents in /srv/old.db");
    }

    @Test
    void what_is_to_be_read_has_to_be_named() {
        assertThat(world.run("import")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.calls).isEmpty();
    }

    private int run(String... more) {
        String[] args = new String[3 + more.length];
        System.arraycopy(new String[] {"import", "--bitween", "../old.db"}, 0, args, 0, 3);
        System.arraycopy(more, 0, args, 3, more.length);
        return world.run(args);
    }

    private void read(String... torrents) {
        world.answer("import.read", "{'torrents':[" + String.join(",", torrents) + "]}");
    }

    private static String torrent(String name, String place, String state, String problem) {
        return "{'hash':'" + Samples.HASH + "','magnet':'" + Samples.MAGNET + "','name':" + name + ",'place':" + place
                + ",'state':'" + state + "','problem':'" + problem + "'}";
    }
}
