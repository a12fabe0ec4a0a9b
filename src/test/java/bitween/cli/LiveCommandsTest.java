package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.events.Happening;
import bitween.model.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code events}, {@code top} and {@code status --watch}. */
class LiveCommandsTest {
    private static final String EVENTS =
            "{'events':[{'number':7,'at':'2026-03-01T11:59:00Z','event':'job.complete','name':'Film','place':'/srv/Film\\u001b[2J'},"
                    + "{'number':8,'at':'2026-03-01T11:59:30Z','event':'friend.shared','jid':'bob@example.org','name':'Music','sizeBytes':64000000}],"
                    + "'next':9,'missed':3}";
    private static final String NONE = "{'events':[],'next':9,'missed':0}";

    private final FakeWorld world = new FakeWorld();

    @Test
    void what_became_of_a_follow_is_told_in_a_line() {
        world.answer(
                        "events",
                        "{'events':[{'number':1,'at':'2026-03-01T11:59:00Z','event':'revision.found','jid':'bob@example.org','name':'Show','revision':2,'files':5,'sizeBytes':6000000},"
                                + "{'number':4,'at':'2026-03-01T11:59:00Z','event':'friend.revised','jid':'bob@example.org','name':'Diary','revision':3,'files':5,'sizeBytes':6000000},"
                                + "{'number':2,'at':'2026-03-01T11:59:00Z','event':'job.kept','name':'Show','kept':['/srv/Show/a (yours).txt']},"
                                + "{'number':3,'at':'2026-03-01T11:59:00Z','event':'revision.ready','jid':'bob@example.org','name':'Show','revision':0,'files':1,'sizeBytes':1000,'place':'/srv/Show'}],"
                                + "'next':4,'missed':0}")
                .answer("events", NONE);

        assertThat(world.run("events")).isEqualTo(ExitCodes.OK);

        assertThat(world.out())
                .contains("bob@example.org/Show @2: 5 files, 6.0 MB")
                .contains("bob@example.org: Diary @3, 6.0 MB")
                .contains("Show: /srv/Show/a (yours).txt")
                .contains("bob@example.org/Show: 1 file, 1.0 kB, in /srv/Show");
    }

    @Test
    void what_happened_is_listed_to_its_end() {
        world.answer("events", EVENTS).answer("events", NONE);

        assertThat(world.run("events", "--since", "4")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("events {from=4}", "events {from=9}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "11:59  job.complete    Film: /srv/Film�[2J",
                        "11:59  friend.shared   bob@example.org: Music, 64.0 MB");
        assertThat(world.err()).isEqualTo("3 older events not kept any more");
    }

    @Test
    void what_one_follows_comes_from_now_on_one_object_a_line_until_the_daemon_ends() {
        world.answer("events", NONE)
                .answer("events", EVENTS)
                .fail("events", ErrorCode.DAEMON_NOT_RUNNING, "the daemon has ended", "");

        assertThat(world.run("events", "--follow", "--json", "--only", "job")).isEqualTo(ExitCodes.DAEMON_NOT_RUNNING);

        assertThat(world.calls)
                .containsExactly(
                        "events {from=9223372036854775807}",
                        "events {from=9, timeoutMs=20000}",
                        "events {from=9, timeoutMs=20000}");
        assertThat(world.terminal.out).hasSize(2);
        assertThat(world.terminal.out.get(0))
                .contains("\"event\":\"job.complete\"")
                .doesNotContain("friend.shared");
    }

    @Test
    void what_one_follows_ends_when_nobody_reads_on() {
        world.answer("events", "{'events':[],'next':5}")
                .answer("events", "{'events':[{'number':5,'event':'friend.online','jid':'a@x'}],'next':6}");
        world.terminal.abandonedAfter = 2;

        assertThat(world.run("events", "--follow")).isEqualTo(ExitCodes.NOT_READ);

        assertThat(world.out()).contains("a@x");
    }

    @Test
    void a_picture_after_the_other_ends_when_nobody_reads_on() {
        world.answer("status", "{'jobs':0}").answer("events", "{'events':[]}");
        world.terminal.abandonedAfter = 1;

        assertThat(world.run("status", "--watch", "--json", "--every", "0.1")).isEqualTo(ExitCodes.NOT_READ);

        assertThat(world.terminal.out).hasSize(1);
    }

    @Test
    void top_shows_what_moves_and_who_gives_it_in_the_place_of_what_it_showed_before() {
        world.terminal.interactive = true;
        world.answer("status", Samples.STATUS)
                .answer("jobs", "{'jobs':[" + Samples.downloading() + "]}")
                .answer("events", NONE);

        assertThat(world.run("top", "-n", "2", "--every", "0.1")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.screens).hasSize(2);
        assertThat(String.join("\n", world.terminal.screens.get(1)))
                .contains("friends online", "down", "LEFT", "Music");
        assertThat(world.terminal.out).isEmpty();
    }

    @Test
    void without_a_screen_one_picture_follows_the_other() {
        world.answer("status", Samples.STATUS).answer("jobs", "{'jobs':[]}").answer("events", NONE);

        world.run("top", "-n", "2", "--every", "0.1");

        assertThat(world.terminal.screens).isEmpty();
        assertThat(world.terminal.out.stream().filter(line -> line.contains("nothing is on its way here")))
                .hasSize(2);
    }

    @Test
    void status_is_shown_once_unless_it_is_to_be_watched() {
        world.answer("status", Samples.STATUS).answer("jobs", "{'jobs':[]}").answer("events", NONE);

        world.run("status");
        long once = world.terminal.out.stream()
                .filter(line -> line.startsWith("daemon"))
                .count();
        world.run("status", "--watch", "-n", "2", "--every", "0.1");

        assertThat(once).isEqualTo(1);
        assertThat(world.terminal.out.stream().filter(line -> line.startsWith("daemon")))
                .hasSize(3);
    }

    @Test
    void an_event_that_is_none_is_answered_with_the_nearest_and_not_waited_for() {
        world.run("events", "--only", "share.addedd");
        world.run("events", "--follow", "--only", "friend,foo");

        assertThat(world.terminal.err)
                .containsExactly(
                        "bitween: --only knows no event 'share.addedd'",
                        "  did you mean share.added?",
                        "bitween: --only knows no event 'foo'",
                        "  bitween events --help names them all");
        assertThat(world.calls).isEmpty();
    }

    @Test
    void the_events_that_are_taken_are_those_there_are_and_the_help_names_them() {
        String help = String.join(
                " ",
                EventsCommand.class.getAnnotation(CommandLine.Command.class).footer());

        assertThat(EventsCommand.EVENTS)
                .containsExactlyElementsOf(Stream.of(Happening.Kind.values())
                        .map(Happening.Kind::word)
                        .toList())
                .allSatisfy(event -> assertThat(help).contains(event));
    }

    @Test
    void of_events_that_have_not_happened_nothing_is_said_of_others() {
        world.answer("events", EVENTS).answer("events", NONE);

        world.run("events", "--only", "connection");

        assertThat(world.out()).isEqualTo("nothing of that has happened yet");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "top --every 0",
                "top --every 4000",
                "top -n -1",
                "top -n 0",
                "status --watch --count 0",
                "events --since 0",
                "events --only foo",
                "events --only job.complete,friends",
                "top --every NaN",
                "status --watch --every=x"
            })
    void what_makes_no_sense_is_refused(String line) {
        assertThat(world.run(line.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }
}
