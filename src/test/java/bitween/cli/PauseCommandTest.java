package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.control.client.Json;
import bitween.model.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** And {@code resume}, and {@code recheck} of several. */
class PauseCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void pause_says_how_the_job_goes_on() {
        world.answer("transfer.pause", Samples.transfer("JOB", "PAUSED", ""));

        assertThat(world.run("pause", "Music")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).isEqualTo("Music rests; bitween resume '#3' lets it go on");
        assertThat(world.calls).containsExactly("transfer.pause {name=Music}");
    }

    @Test
    void a_share_that_is_paused_is_said_to_be_offered_to_nobody() {
        world.answer("transfer.pause", Samples.transfer("SHARE", "PAUSED", ""));

        world.run("pause", "Music");

        assertThat(world.out()).isEqualTo("Music is offered to nobody; bitween resume '#3' shares it again");
    }

    @Test
    void one_that_refuses_keeps_no_other_from_it_and_decides_the_exit_code() {
        world.fail("transfer.pause", ErrorCode.UNKNOWN_JOB, "no share or job is called 'a'", "look")
                .answer("transfer.pause", Samples.transfer("JOB", "PAUSED", ""));

        assertThat(world.run("pause", "a", "Music")).isEqualTo(ExitCodes.NOT_FOUND);

        assertThat(world.terminal.err).containsExactly("bitween: no share or job is called 'a'", "  look");
        assertThat(world.out()).startsWith("Music rests");
        assertThat(world.calls).containsExactly("transfer.pause {name=a}", "transfer.pause {name=Music}");
    }

    @Test
    void all_are_those_that_can_rest_and_programs_get_one_list() throws Exception {
        world.answer(
                        "jobs",
                        "{'jobs':[" + numbered(1, "DOWNLOADING") + "," + numbered(2, "PAUSED") + ","
                                + numbered(3, "COMPLETE") + "]}")
                .answer("shares", "{'shares':[" + numbered(4, "SEEDING") + "," + numbered(5, "FAILED") + "]}")
                .answer("transfer.pause", Samples.transfer("JOB", "PAUSED", ""))
                .answer("transfer.resume", Samples.transfer("JOB", "QUEUED", ""));

        assertThat(world.run("pause", "--all", "--json")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("resume", "--all", "--json")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsSubsequence("transfer.pause {name=#1}", "transfer.pause {name=#4}")
                .containsSubsequence("transfer.resume {name=#2}", "transfer.resume {name=#5}")
                .hasSize(8);
        assertThat(world.terminal.out).hasSize(2).allSatisfy(line -> {
            Answer answer = Answer.of(Json.read(line));
            assertThat(answer.fields()).containsOnlyKeys("transfers", "errors");
            assertThat(answer.views("transfers")).hasSize(2);
            assertThat(answer.views("errors")).isEmpty();
        });
    }

    private static String numbered(int id, String state) {
        return Samples.transfer(id < 4 ? "JOB" : "SHARE", state, "'id':" + id);
    }

    @Test
    void where_there_is_nothing_that_is_said_and_listed_as_nothing() {
        world.answer("jobs", "{'jobs':[]}").answer("shares", "{'shares':[]}");

        assertThat(world.run("pause", "--all")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("pause", "--all", "--json")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly("there is nothing of that kind", "{\"transfers\":[],\"errors\":[]}");
    }

    @Test
    void a_friend_is_paused_and_resumed_by_name() {
        world.answer("friend.pause", "{'jid':'bob@example.org','paused':true}")
                .answer("friend.resume", "{'jid':'bob@example.org','paused':false}");

        assertThat(world.run("pause", "--friend", "bob")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("resume", "--friend", "bob")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("friend.pause {friend=bob}", "friend.resume {friend=bob}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "nothing comes from bob@example.org or goes there until: bitween resume --friend bob@example.org",
                        "bob@example.org is no longer paused");
    }

    @Test
    void of_a_friend_those_jobs_are_checked_that_get_what_this_friend_has() {
        world.answer("hashes", "{'shares':[{'hash':'" + Samples.HASH + "'}],'more':0}")
                .answer(
                        "jobs",
                        "{'jobs':[" + numbered(1, "COMPLETE") + "," + numbered(2, "PAUSED") + ","
                                + numbered(3, "COMPLETE").replace(Samples.HASH, "b".repeat(40)) + "]}")
                .answer("transfer.recheck", Samples.transfer("JOB", "VERIFYING", ""));

        assertThat(world.run("recheck", "--friend", "bob")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("hashes {friend=bob}", "jobs {}", "transfer.recheck {name=#1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "recheck", "pause Music --all", "resume --all --friend bob"})
    void what_is_meant_has_to_be_said_and_once(String line) {
        assertThat(world.run(line.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("it takes names, or --all, or --friend FRIEND");
        assertThat(world.calls).isEmpty();
    }

    @Test
    void resume_says_how_the_job_stands_and_what_still_keeps_it() {
        world.answer("transfer.resume", Samples.transfer("JOB", "QUEUED", "'percent':null"))
                .answer("transfer.resume", Samples.failed("JOB").replace("FAILED", "PAUSED"));

        assertThat(world.run("resume", "Music")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("resume", "Music")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsOnly("transfer.resume {name=Music}");
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
