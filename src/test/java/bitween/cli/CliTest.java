package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Json;
import bitween.model.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CliTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void alone_it_shows_help() {
        assertThat(world.run()).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).contains("Usage: bitween").contains("Examples:").contains("  share ");
    }

    @Test
    void its_help_lists_all_commands_even_when_one_is_named() {
        assertThat(world.run("--help", "share")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).contains("  share ").contains("  unshare ").contains("  version ");
    }

    static Stream<List<String>> commands() {
        CommandLine root = Cli.commandLine(new Session(new FakeWorld().environment(), new FakeTerminal()));
        return root.getSubcommands().entrySet().stream()
                .flatMap(command -> command.getValue().getSubcommands().isEmpty()
                        ? Stream.of(List.of(command.getKey()))
                        : Stream.concat(
                                Stream.of(List.of(command.getKey())),
                                command.getValue().getSubcommands().keySet().stream()
                                        .map(sub -> List.of(command.getKey(), sub))));
    }

    @Test
    void every_command_is_there() {
        assertThat(commands().map(words -> String.join(" ", words)))
                .containsExactlyInAnyOrder(
                        "init",
                        "daemon",
                        "stop",
                        "status",
                        "top",
                        "events",
                        "friends",
                        "doctor",
                        "fsck",
                        "bugreport",
                        "trust",
                        "distrust",
                        "verify",
                        "limit",
                        "config",
                        "config show",
                        "config diff",
                        "config get",
                        "config set",
                        "config reset",
                        "config validate",
                        "away",
                        "back",
                        "friend",
                        "friend add",
                        "friend accept",
                        "friend accept-files",
                        "friend rm",
                        "block",
                        "unblock",
                        "share",
                        "grant",
                        "revoke",
                        "shares",
                        "unshare",
                        "send",
                        "offers",
                        "decline",
                        "log",
                        "diff",
                        "import",
                        "ls",
                        "find",
                        "want",
                        "follow",
                        "unfollow",
                        "get",
                        "jobs",
                        "info",
                        "priority",
                        "pause",
                        "resume",
                        "rm",
                        "recheck",
                        "relocate",
                        "move",
                        "completion",
                        "man",
                        "shell",
                        "version");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_has_help_with_examples_and_the_common_options(List<String> words) {
        String[] args = Stream.concat(words.stream(), Stream.of("--help")).toArray(String[]::new);

        assertThat(world.run(args)).isEqualTo(ExitCodes.OK);

        assertThat(world.out())
                .contains("Usage: bitween " + String.join(" ", words))
                .contains("Examples:\n  bitween ")
                .contains("--json")
                .contains("--home=DIR");
        assertThat(world.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_FRIEND, 4",
        "UNKNOWN_GROUP, 4",
        "NOT_GRANTED, 4",
        "NOT_BLOCKED, 4",
        "BLOCKED, 1",
        "STILL_GRANTED, 1",
        "AUDIENCE_MISSING, 2",
        "UNKNOWN_SHARE, 4",
        "UNKNOWN_JOB, 4",
        "PATH_MISSING, 4",
        "NOTHING_FITS, 4",
        "AMBIGUOUS, 5",
        "ALREADY_RUNNING, 6",
        "DAEMON_NOT_RUNNING, 3",
        "DAEMON_HANGS, 3",
        "BAD_ARGUMENT, 2",
        "BAD_HASH, 2",
        "INTERNAL, 1",
        "DISK_FULL, 1",
        "TIMED_OUT, 1",
        "XMPP_AUTH, 1",
        "NOT_CONFIGURED, 1",
        "ALREADY_SHARED, 1"
    })
    void errors_are_two_lines_and_a_named_exit_code(ErrorCode code, int exitCode) {
        world.fail("jobs", code, "it went\u001b[2J wrong", "do this");

        assertThat(world.run("jobs")).isEqualTo(exitCode);

        assertThat(world.terminal.err).containsExactly("bitween: it went\ufffd[2J wrong", "  do this");
        assertThat(world.terminal.out).isEmpty();
    }

    @Test
    void with_json_an_error_is_one_object_on_the_output() throws Exception {
        world.fail("jobs", ErrorCode.UNKNOWN_JOB, "no such job", "");

        assertThat(world.run("jobs", "--json")).isEqualTo(ExitCodes.NOT_FOUND);

        assertThat(Json.read(world.out()))
                .isEqualTo(Map.of("error", Map.of("code", "UNKNOWN_JOB", "message", "no such job", "hint", "")));
        assertThat(world.terminal.err).isEmpty();
    }

    @Test
    void wrong_usage_is_two_lines_with_the_way_to_help() {
        assertThat(world.run("get", "alice/Music", "--wiat")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.terminal.err)
                .containsExactly(
                        "bitween: there is no option '--wiat'", "  did you mean --wait? see: bitween get --help");
    }

    @Test
    void a_mistyped_command_is_helped_with() {
        assertThat(world.run("shrae")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("frends")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("xyzzy")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.terminal.err)
                .containsExactly(
                        "bitween: there is no command 'shrae'",
                        "  did you mean share? see: bitween --help",
                        "bitween: there is no command 'frends'",
                        "  did you mean friends? see: bitween --help",
                        "bitween: there is no command 'xyzzy'",
                        "  see: bitween --help");
    }

    @ParameterizedTest
    @CsvSource({"--json", "friend --json"})
    void a_program_that_names_no_command_gets_json_and_no_help(String line) throws Exception {
        assertThat(world.run(line.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(world.terminal.out).singleElement().asString().startsWith("{\"error\":{\"code\":\"BAD_ARGUMENT\"");
    }

    @Test
    void what_is_no_number_and_what_is_too_much_is_said_plainly() {
        assertThat(world.run("get", "x", "--timeout", "abc")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("get", "x", "y")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err())
                .contains("bitween: --timeout must be a whole number, not 'abc'")
                .contains("bitween: 'y' is one argument too many");
    }

    @Test
    void what_a_command_needs_is_said_in_its_words() {
        assertThat(world.run("share")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("friend", "add")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("distrust")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.err)
                .containsExactly(
                        "bitween: share needs PATH",
                        "  see: bitween share --help",
                        "bitween: friend add needs JID",
                        "  see: bitween friend add --help",
                        "bitween: distrust needs FRIEND, DEVICE",
                        "  see: bitween distrust --help");
    }

    @Test
    void what_looks_like_an_option_behind_two_dashes_is_an_argument() {
        assertThat(world.run("get", "x", "--", "-", "--wiat")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.err)
                .containsExactly("bitween: '--wiat' is one argument too many", "  see: bitween get --help");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "find x --limit 0 | --limit takes a whole number from 1 to 1000, not 0",
                "find x --limit 1001 | --limit takes a whole number from 1 to 1000, not 1001",
                "share x --live --keep-revisions -5 | --keep-revisions takes a whole number from 0 to 99, not -5",
                "events --since x | --since must be a whole number, not 'x'",
                "events --since 0 | --since takes a whole number from 1 on, not 0",
                "get a/b --timeout 0 | --timeout takes a whole number from 1 on, not 0",
                "top -n 0 | -n takes a whole number from 1 on, not 0",
                "top -n x | -n must be a whole number, not 'x'",
                "top --count x | --count must be a whole number, not 'x'",
                "top --every x | --every must be a number, not 'x'",
                "top --every 0 | --every takes 0.1 to 3600 seconds, not 0.0",
                "want --rm 0 | --rm takes a whole number from 1 on, not 0"
            })
    void a_number_that_is_wrong_is_named_as_it_was_typed(String line, String sentence) {
        assertThat(world.run(line.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(world.terminal.err).first().isEqualTo("bitween: " + sentence);
        assertThat(world.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "help nope | nope | see: bitween --help",
                "help shrae | shrae | did you mean share? see: bitween --help",
                "help friend ad | ad | did you mean add? see: bitween friend --help"
            })
    void help_for_a_command_that_is_not_there_is_an_error(String line, String word, String hint) {
        assertThat(world.run(line.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(world.terminal.out).isEmpty();
        assertThat(world.terminal.err).containsExactly("bitween: there is no command '" + word + "'", "  " + hint);
    }

    @Test
    void help_can_be_asked_for_as_usual() {
        assertThat(world.run("help", "help")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("help")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).contains("Usage: bitween ").contains("shell");
        assertThat(world.run("help", "get")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).contains("Usage: bitween get ");
        assertThat(world.run("help", "friend", "add")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).contains("Usage: bitween friend add ");
    }

    @Test
    void the_version_can_be_asked_for_as_usual() {
        world.running = false;

        assertThat(world.run("--version")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).startsWith("bitween      0.1.0");
    }

    @Test
    void a_missing_argument_is_named() {
        assertThat(world.run("get")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("WHAT").contains("see: bitween get --help");
    }

    @Test
    void wrong_usage_with_json_is_an_object_too() throws Exception {
        assertThat(world.run("get", "--json")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.out()).startsWith("{\"error\":{\"code\":\"BAD_ARGUMENT\"");
        assertThat(Json.read(world.out())).isInstanceOf(Map.class);
    }

    @ParameterizedTest
    @CsvSource({"'--home /tmp/a jobs'", "'jobs --home /tmp/a'", "'--home ../../tmp/a jobs'"})
    void the_home_may_stand_before_or_after_the_command(String line) {
        world.running = false;

        assertThat(world.run(line.split(" "))).isEqualTo(ExitCodes.DAEMON_NOT_RUNNING);
        assertThat(world.err())
                .isEqualTo("bitween: no bitween daemon runs for /tmp/a\n  start it with: bitween --home /tmp/a daemon");
    }

    @Test
    void hints_name_the_home_that_was_named() {
        world.running = false;

        world.run("--home", "/tmp/it's me", "shares");
        world.run("--home", "/tmp/a", "jobs");

        assertThat(world.err())
                .contains("  start it with: bitween --home '/tmp/it'\\''s me' daemon")
                .endsWith("  start it with: bitween --home /tmp/a daemon");
    }

    @Test
    void without_a_configuration_the_hint_is_init() {
        world.running = false;
        world.setup.configured = false;

        assertThat(world.run("jobs")).isEqualTo(ExitCodes.DAEMON_NOT_RUNNING);
        assertThat(world.err()).endsWith("  set it up first with: bitween init");
    }

    @Test
    void where_the_configuration_wants_it_commands_start_the_daemon() {
        world.running = false;
        world.autostart = true;
        world.answer("jobs", "{'jobs':[]}");

        assertThat(world.run("jobs")).isEqualTo(ExitCodes.OK);
        assertThat(world.started).containsExactly("background /home/me/.bitween");
    }

    @ParameterizedTest
    @CsvSource({"status", "stop"})
    void status_and_stop_never_start_it(String command) {
        world.running = false;
        world.autostart = true;

        assertThat(world.run(command)).isEqualTo(ExitCodes.DAEMON_NOT_RUNNING);
        assertThat(world.started).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "init --jid a@b.c --password-file pom.xml --force",
        "daemon",
        "stop",
        "status",
        "top -n 1",
        "events",
        "friends",
        "friend add bob@example.org",
        "friend accept bob",
        "friend rm bob",
        "block bob",
        "unblock bob",
        "share .",
        "share . --to @family --to bob",
        "grant Music @family",
        "revoke Music everyone",
        "shares",
        "unshare Music",
        "log Music",
        "diff Music@2 @3",
        "ls",
        "ls alice",
        "ls alice/Music --tree",
        "find music",
        "want nosferatu",
        "want",
        "want --rm 2",
        "follow alice/Gardening --auto",
        "follow",
        "unfollow alice/Gardening",
        "get alice/Music",
        "get alice/Music --wait",
        "jobs",
        "info Music",
        "priority Music high",
        "pause Music",
        "pause --all",
        "pause --friend bob",
        "resume --friend bob",
        "resume Music",
        "rm Music",
        "recheck Music",
        "relocate Music /srv",
        "move Music /srv",
        "away",
        "back",
        "limit",
        "config show",
        "config diff",
        "config get network.port",
        "config set network.port 7",
        "config reset network.port",
        "config validate",
        "completion bash",
        "version"
    })
    void with_json_every_command_prints_one_object_and_nothing_else(String line) throws Exception {
        String transfer = Samples.transfer("JOB", "COMPLETE", "'name':'\\u202eisuM'");
        world.variables.put("HOME", "/home/me");
        world.setup.settings.add(Samples.PORT);
        world.answer("daemon.stop", "{'pid':4711}")
                .answer("status", Samples.STATUS)
                .answer("friends", "{'friends':[" + Samples.friend("a@b.c", true, "") + "],'pending':[],'asked':[]}")
                .answer("friend.add", "{'jid':'bob@example.org'}")
                .answer("friend.accept", "{'jid':'bob@example.org'}")
                .answer("friend.rm", "{'jid':'bob@example.org'}")
                .answer("block", "{'jid':'bob@example.org'}")
                .answer("unblock", "{'jid':'bob@example.org'}")
                .answer("share.add", Samples.transfer("SHARE", "HASHING", ""))
                .answer("transfer.wait", transfer)
                .answer("share.grant", transfer)
                .answer("share.revoke", transfer)
                .answer("shares", "{'shares':[" + transfer + "]}")
                .answer("share.rm", transfer)
                .answer("share.log", "{'name':'Music','revisions':[]}")
                .answer("share.diff", "{'name':'Music'}")
                .answer("ls", "{'kind':'friends','friends':[]}")
                .answer("find", "{'found':[],'more':false}")
                .answer("events", "{'events':[],'next':1,'missed':0}")
                .answer("follow.add", "{'title':'alice/Gardening'}")
                .answer("follow.rm", "{'title':'alice/Gardening'}")
                .answer("follows", "{'follows':[]}")
                .answer("want.add", "{'id':1}")
                .answer("want.rm", "{'id':1}")
                .answer("wants", "{'wants':[]}")
                .answer("config.reload", "{'live':[],'restart':[]}")
                .answer("job.get", Samples.got(Samples.downloading(), false, Samples.holder(true)))
                .answer("jobs", "{'jobs':[" + transfer + "]}")
                .answer("info", "{'transfer':" + transfer + ",'share':null,'holders':[]}")
                .answer("job.priority", transfer)
                .answer("friend.pause", "{'jid':'bob@example.org','paused':true}")
                .answer("friend.resume", "{'jid':'bob@example.org','paused':false}")
                .answer("transfer.pause", transfer)
                .answer("transfer.resume", transfer)
                .answer("job.rm", transfer)
                .answer("transfer.recheck", transfer)
                .answer("share.relocate", transfer)
                .answer("transfer.move", transfer)
                .answer("away", "{'state':'AWAY','away':true,'seedingStopped':false}")
                .answer("back", "{'state':'CONNECTING','away':false,'seedingStopped':false}")
                .answer("version", "{'libtorrent':'2.0.6.0'}");
        String[] args = (line + " --json")
                .replace("pom.xml", System.getProperty("user.dir") + "/pom.xml")
                .split(" ");

        assertThat(world.run(args)).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out).hasSize(1);
        assertThat(world.terminal.err).isEmpty();
        assertThat(Json.read(world.out())).isInstanceOf(Map.class);
        assertThat(world.out()).doesNotContain("\u202e");
    }
}
