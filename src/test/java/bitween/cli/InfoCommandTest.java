package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a share or job, and where a file came from. */
class InfoCommandTest {
    private static final String ORIGIN = "{'path':'/x/1.flac','moved':false,'origins':[{'share':'Music','hash':'"
            + Samples.HASH + "','path':['Live','1.flac'],'place':'/d/Music/Live/1.flac','sizeBytes':64000000,'sha256':'"
            + "c".repeat(64) + "','finished':'2026-03-01T11:00:00Z','from':[{'jid':'alice@example.org','id':'r',"
            + "'name':'laptop'}]}]}";

    @TempDir
    Path temp;

    private final FakeWorld world = new FakeWorld();

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
    void a_path_is_a_file_of_which_it_is_told_where_it_came_from() {
        world.answer("origin", ORIGIN);

        assertThat(world.run("info", "/d/Music/../Music/Live/1.flac")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("origin {path=/d/Music/Live/1.flac}");
        assertThat(world.terminal.out)
                .contains(
                        "name       1.flac",
                        "size       64.0 MB",
                        "from       alice@example.org (laptop)",
                        "share      Music/Live/1.flac",
                        "sha-256    " + "c".repeat(64),
                        "info-hash  " + Samples.HASH)
                .noneMatch(line -> line.startsWith("came as"));
    }

    @Test
    void of_a_file_that_stayed_through_revisions_only_what_differs_is_repeated() {
        String first = ORIGIN.substring(ORIGIN.indexOf("[{'share'") + 1, ORIGIN.length() - 2);
        String second = first.replace(Samples.HASH, "d".repeat(40)).replace("T11:00", "T10:00");
        String changed = first.replace(Samples.HASH, "e".repeat(40)).replace("64000000", "7");
        world.answer("origin", "{'moved':false,'origins':[" + first + "," + second + "," + changed + "]}");

        world.run("info", "/d/Music/Live/1.flac");

        assertThat(world.terminal.out)
                .containsSequence(
                        "info-hash  " + Samples.HASH,
                        "           " + "d".repeat(40) + ", which came 10:00",
                        "",
                        "name       1.flac",
                        "size       7 B")
                .endsWith("info-hash  " + "e".repeat(40))
                .hasSize(16);
    }

    @Test
    void what_is_not_where_it_was_is_looked_for_by_what_is_in_it() throws Exception {
        Path file = Files.writeString(temp.resolve("x"), "abc");
        world.fail("origin", ErrorCode.UNKNOWN_FILE, "nobody knows where it came from", "");

        assertThat(world.run("info", file.toString())).isEqualTo(ExitCodes.FAILED);

        assertThat(world.calls)
                .containsExactly(
                        "origin {path=" + file + "}",
                        "origin {path=" + file
                                + ", sha256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad}");
        assertThat(world.err()).contains("nobody knows where it came from");
    }

    @Test
    void a_name_that_is_neither_share_nor_job_nor_file_stays_unknown() {
        world.fail("info", ErrorCode.UNKNOWN_JOB, "no share or job is called 'x'", "");

        assertThat(world.run("info", "x")).isEqualTo(ExitCodes.NOT_FOUND);

        assertThat(world.calls).containsExactly("info {name=x}");
    }
}
