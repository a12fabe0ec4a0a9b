package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonCommandsTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void daemon_starts_one_in_the_background() {
        world.answer("status", Samples.STATUS);

        assertThat(world.run("daemon", "--home", "/tmp/a")).isEqualTo(ExitCodes.OK);
        assertThat(world.started).containsExactly("background /tmp/a");
        assertThat(world.out()).isEqualTo("the daemon runs (pid 4711); bitween --home /tmp/a status shows how it is");
    }

    @Test
    void daemon_may_be_told_when_to_end_by_itself() {
        world.answer("status", Samples.STATUS);

        assertThat(world.run("daemon", "--exit-when", "seeded:2h")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("daemon", "--foreground", "--exit-when", "done")).isEqualTo(ExitCodes.OK);

        assertThat(world.started)
                .containsExactly(
                        "background /home/me/.bitween until seeded:7200s", "foreground /home/me/.bitween until done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Done", "done:2h", "idle:5", "seeded", "seeded:", "seeded:2", "seeded:2 h", "seeded:-2h"})
    void daemon_says_what_it_can_wait_for(String wrong) {
        assertThat(world.run("daemon", "--exit-when", wrong)).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.err)
                .containsExactly(
                        "bitween: --exit-when does not know '" + wrong + "'",
                        "  it is done, idle, or seeded: with a time such as 90s, 30m, 2h or 1d");
        assertThat(world.started).isEmpty();
    }

    @Test
    void daemon_says_what_keeps_it_from_being_online() {
        world.exits = false;
        world.answer("status", Samples.STATUS.replace("'ONLINE'", "'CONNECTING'"))
                .answer(
                        "status",
                        Samples.STATUS
                                .replace("'ONLINE'", "'OFFLINE'")
                                .replace(
                                        "'error':null,'retryAt'",
                                        "'error':{'message':'wrong password','hint':'put the right one into /p'},'retryAt'"));

        assertThat(world.run("daemon")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out)
                .containsExactly(
                        "the daemon runs (pid 4711); bitween status shows how it is",
                        "it is not online: wrong password",
                        "  put the right one into /p");
    }

    @Test
    void daemon_and_status_say_what_was_put_in_place_of_a_damaged_database() {
        String restored = Samples.STATUS.replace(
                "'dropped'",
                "'store':{'error':null,'backups':3,'newestBackup':'2026-03-01T02:00:00Z','backupError':null,"
                        + "'restored':{'when':'2026-03-01T11:00:00Z','why':'file is not a database',"
                        + "'setAside':'/d/bitween.db.corrupt-1','backup':'2026-02-28T11:02:00Z'}},'dropped'");
        world.answer("status", restored);
        List<String> told = List.of(
                "damaged: file is not a database",
                "restored as it was at 2026-02-28 11:02: look at friends, grants and what is blocked, which may have changed since",
                "the damaged one is /d/bitween.db.corrupt-1; remove it when all is as it should be");

        world.run("daemon");

        assertThat(world.terminal.out.subList(1, 4))
                .isEqualTo(told.stream().map(line -> "the database: " + line).toList());
        world.terminal.out.clear();
        world.answer("status", restored).answer("jobs", "{'jobs':[]}");
        world.run("status");
        assertThat(world.terminal.out)
                .contains("database   " + told.get(0), "           " + told.get(1), "           " + told.get(2));
    }

    @Test
    void status_says_why_nothing_can_be_written_and_why_there_is_no_backup() {
        world.answer(
                        "status",
                        Samples.STATUS.replace(
                                "'dropped'",
                                "'store':{'error':{'message':'the disk is full','hint':'free some space'},'backups':0,"
                                        + "'backupError':{'message':'there is no room','hint':''},'restored':null},'dropped'"))
                .answer("jobs", "{'jobs':[]}");

        world.run("status");

        assertThat(world.terminal.out)
                .contains(
                        "database   the disk is full",
                        "           free some space",
                        "           no backup: there is no room");
    }

    @Test
    void daemon_does_not_wait_long_for_a_server_that_does_not_answer() {
        world.exits = false;
        world.answer("status", Samples.STATUS.replace("'ONLINE'", "'CONNECTING'"));

        assertThat(world.run("daemon")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out).endsWith("it is not online yet");
    }

    @Test
    void daemon_in_the_foreground_is_the_daemon() {
        assertThat(world.run("daemon", "--foreground")).isEqualTo(ExitCodes.OK);
        assertThat(world.started).containsExactly("foreground /home/me/.bitween");
    }

    @Test
    void a_second_daemon_says_who_runs() {
        world.refusal = new UserException(ErrorCode.ALREADY_RUNNING, "bitween runs already (pid 12)", "");

        assertThat(world.run("daemon")).isEqualTo(ExitCodes.ALREADY_RUNNING);
        assertThat(world.terminal.err).containsExactly("bitween: bitween runs already (pid 12)");
    }

    @Test
    void stop_returns_when_the_process_is_gone() {
        world.answer("daemon.stop", "{'pid':4711,'longestSeconds':20}");

        assertThat(world.run("stop")).isEqualTo(ExitCodes.OK);
        assertThat(world.started).containsExactly("await 4711 PT25S");
        assertThat(world.out()).isEqualTo("stopped");
    }

    @Test
    void stop_says_when_it_takes_too_long() {
        world.exits = false;
        world.answer("daemon.stop", "{'pid':4711,'longestSeconds':20}");

        assertThat(world.run("stop")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).contains("(pid 4711) is not gone after 25 s");
    }

    @Test
    void status_is_read_at_a_glance() {
        world.answer("status", Samples.STATUS).answer("jobs", "{'jobs':[" + Samples.downloading() + "]}");

        assertThat(world.run("status")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "daemon     bitween 0.1.0, pid 4711, up 3 min, home /home/me/.config/bitween",
                        "xmpp       online as me@example.org at example.org since 11:02",
                        "torrent    port 6881, disk back-end mmap (libjsig is loaded)",
                        "outside    203.0.113.7:6881, as the router says, as friends see it",
                        "rates      1.2 MB/s down, 0 B/s up",
                        "           alice@example.org: 1.2 MB/s down, 0 B/s up",
                        "disk       12.3 GB free in /home/me/Downloads",
                        "shares     3 shares, 1 job",
                        "friends    2 of 5 online",
                        "           desk of alice@example.org: direct since 11:02",
                        "           phone of bob@example.org: in-band since 11:05",
                        "           bob@example.org asks to be your friend: bitween friend accept bob@example.org",
                        "           carol@example.org is paused, nothing passes between you: bitween resume --friend carol@example.org",
                        "",
                        "#  NAME   STATE          DONE     SIZE      DOWN     UP  LEFT  FROM",
                        "3  Music  downloading  25.0 %  64.0 MB  1.0 MB/s  0 B/s  48 s  alice@example.org");
    }

    @Test
    void away_and_back_say_what_friends_see() {
        world.answer("away", "{'state':'AWAY','away':true,'seedingStopped':false}")
                .answer("away", "{'state':'AWAY','away':true,'seedingStopped':true}")
                .answer("back", "{'state':'CONNECTING','away':false,'seedingStopped':false}")
                .answer("status", Samples.STATUS.replace("'ONLINE'", "'AWAY'").replace("'jobs':1", "'jobs':0"));

        assertThat(world.run("away")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("away", "--stop-seeding")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("back")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out)
                .containsExactly(
                        "you are away; bitween back ends it",
                        "you are away, and nobody gets anything from you; bitween back ends it",
                        "you are back; friends see you once you are online: bitween status");
        assertThat(world.calls).containsExactly("away {}", "away {stopSeeding=true}", "back {}");

        world.run("status");
        assertThat(world.terminal.out).contains("           friends do not see you: bitween back ends it");
    }

    @Test
    void status_says_what_is_wrong_and_when_it_is_tried_again() {
        world.answer(
                "status",
                Samples.STATUS
                        .replace("'ONLINE'", "'OFFLINE'")
                        .replace(
                                "'error':null,'retryAt':null",
                                "'error':{'code':'XMPP_AUTH','message':'wrong password','hint':'run bitween init --force',"
                                        + "'since':'2026-03-01T11:02:00Z'},'retryAt':'2026-03-01T12:00:30Z'")
                        .replace("'failed':0", "'failed':2")
                        .replace("'stanzas':0", "'stanzas':3")
                        .replace("'jobs':1", "'jobs':0"));

        world.run("status");

        assertThat(world.terminal.out)
                .contains(
                        "xmpp       offline as me@example.org at example.org since 11:02",
                        "           wrong password",
                        "           run bitween init --force",
                        "           tries again in 30 s",
                        "dropped    3 stanzas that nobody honest sends, or of strangers: see the log",
                        "trouble    2 messages failed, 0 lost: see the log");
    }

    @Test
    void fsck_asks_the_daemon_that_runs() {
        world.answer(
                "fsck",
                "{'findings':[{'check':'database','state':'OK','what':'SQLite finds nothing wrong','hint':''},"
                        + "{'check':'links','state':'MENDED','what':'2 led nowhere','hint':''}]}");

        assertThat(world.run("fsck", "--home", "/tmp/a")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out)
                .containsExactly(
                        "database   ok: SQLite finds nothing wrong",
                        "links      mended: 2 led nowhere",
                        "1 thing mended, 0 wrong");
        assertThat(world.started).isEmpty();
    }

    @Test
    void fsck_looks_by_itself_where_no_daemon_runs_and_fails_for_what_it_cannot_mend() {
        world.running = false;
        world.findings =
                List.of(Finding.wrong("copies", ErrorCode.STORE_DAMAGED, "1 is missing", "see: bitween recheck x"));

        assertThat(world.run("fsck", "--home", "/tmp/a")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.started).containsExactly("check /tmp/a");
        assertThat(world.terminal.out)
                .containsExactly(
                        "copies     wrong: 1 is missing",
                        "           see: bitween --home /tmp/a recheck x",
                        "0 things mended, 1 wrong");
        world.terminal.out.clear();
        world.run("fsck", "--home", "/tmp/a", "--json");
        assertThat(world.out())
                .isEqualTo(
                        "{\"findings\":[{\"check\":\"copies\",\"state\":\"WRONG\",\"code\":\"STORE_DAMAGED\",\"what\":\"1 is missing\",\"hint\":\"see: bitween recheck x\"}]}");
    }

    @Test
    void the_doctor_names_what_failed_first_and_what_to_do() {
        world.answer(
                "doctor",
                "{'friend':'bob@example.org','checks':["
                        + "{'number':1,'check':'xmpp','state':'OK','code':null,'what':'online','hint':''},"
                        + "{'number':2,'check':'presence','state':'FAILED','code':'NOT_MUTUAL','what':'bob@example.org may not see you','hint':'bitween friend add bob@example.org'},"
                        + "{'number':3,'check':'in-band link','state':'UNKNOWN','code':null,'what':'nobody is there','hint':''}],'failed':1}");

        assertThat(world.run("doctor", "bob", "--home", "/tmp/a")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.calls).containsExactly("doctor {friend=bob}");
        assertThat(world.terminal.out)
                .containsExactly(
                        " 1  xmpp          ok       online",
                        " 2  presence      FAILED   bob@example.org may not see you",
                        "                           bitween --home /tmp/a friend add bob@example.org",
                        " 3  in-band link  unknown  nobody is there",
                        "see to number 2 first");
    }

    @Test
    void without_a_daemon_the_doctor_looks_at_what_there_is_and_says_that_none_runs() {
        world.running = false;
        world.findings = List.of(
                Finding.ok("platform", "fine"),
                Finding.wrong("configuration", ErrorCode.BAD_CONFIG, "bitween.toml:3:1: what is this", "mend it"));

        assertThat(world.run("doctor", "--home", "/tmp/a")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.started).containsExactly("examine /tmp/a");
        assertThat(world.terminal.out)
                .containsExactly(
                        " 1  platform      ok       fine",
                        " 2  configuration FAILED   bitween.toml:3:1: what is this",
                        "                           mend it",
                        " 3  daemon        FAILED   no bitween daemon runs for /tmp/a",
                        "                           start it with: bitween --home /tmp/a daemon",
                        "see to number 2 first");
        world.terminal.out.clear();
        world.run("doctor", "--home", "/tmp/a", "--json");
        assertThat(world.out())
                .startsWith(
                        "{\"friend\":null,\"checks\":[{\"number\":1,\"check\":\"platform\",\"state\":\"OK\",\"code\":null,\"what\":\"fine\",\"hint\":\"\"}")
                .contains("\"code\":\"BAD_CONFIG\"")
                .endsWith("\"failed\":2}");
    }

    @Test
    void version_needs_no_daemon() {
        world.running = false;

        assertThat(world.run("version")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out)
                .containsExactly(
                        "bitween      0.1.0",
                        "java         17.0.15",
                        "libtorrent   2.0.6",
                        "libtorrent4j 2.0.6-26",
                        "smack        4.4.8",
                        "sqlite       3.54.1");
    }

    @Test
    void version_asks_a_daemon_that_runs_for_its_libtorrent() {
        world.answer("version", "{'bitween':'0.0.9','libtorrent':'2.0.6.0'}");

        assertThat(world.run("version")).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out).contains("libtorrent   2.0.6.0", "daemon       0.0.9");
    }
}
