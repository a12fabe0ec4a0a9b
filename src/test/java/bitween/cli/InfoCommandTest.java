package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a file came from. */
class InfoCommandTest {
    private static final String ORIGIN = "{'path':'/x/1.flac','moved':false,'origins':[{'share':'Music','hash':'"
            + Samples.HASH + "','path':['Live','1.flac'],'place':'/d/Music/Live/1.flac','sizeBytes':64000000,'sha256':'"
            + "c".repeat(64) + "','finished':'2026-03-01T11:00:00Z','from':[{'jid':'alice@example.org','id':'r',"
            + "'name':'laptop'}]}]}";

    @TempDir
    Path temp;

    private final FakeWorld world = new FakeWorld();

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
