package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class CompletionTest {
    private final FakeWorld world = new FakeWorld();

    private List<String> bash(String line, String replaced) {
        world.terminal.out.clear();
        assertThat(world.run("complete", "bash", "--", line, replaced)).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.err).isEmpty();
        return new ArrayList<>(world.terminal.out);
    }

    @ParameterizedTest
    @CsvSource({
        "bitween pause Mu, TRANSFER, Mu",
        "bitween pause '', TRANSFER, ''",
        "bitween --home /x pause Mu, TRANSFER, Mu",
        "bitween pause --json Mu, TRANSFER, Mu",
        "A=b bitween unshare Mu, SHARE, Mu",
        "scripts/bitween info Mu, TRANSFER, Mu",
        "bitween get bob/My\\ Mu, REMOTE, bob/My Mu",
        "bitween ls bob/, REMOTE, bob/",
        "bitween grant Music @fa, WHO, @fa",
        "bitween share x --to bo, WHO, bo",
        "bitween find x --from bo, FRIEND, bo",
        "bitween verify bo, FRIEND, bo",
        "bitween limit bo, LIMITED, bo",
        "bitween friend accept bo, ASKING, bo",
        "bitween friend rm bo, FRIEND, bo",
        "bitween unblock bo, BLOCKED, bo",
        "bitween pause -- Mu, TRANSFER, Mu"
    })
    void the_daemon_is_asked_for_what_the_argument_names(String line, String kind, String text) {
        world.answer("complete", "{'candidates':[]}");

        assertThat(bash(line, "")).containsExactly("names");

        assertThat(world.calls).containsExactly("complete {kind=" + kind + ", text=" + text + "}");
    }

    @Test
    void names_are_quoted_as_the_word_was_begun() {
        world.answer("complete", "{'candidates':['My Music','My $']}");

        assertThat(bash("bitween pause My", "My")).containsExactly("names", "My\\ Music", "My\\ \\$");
        assertThat(bash("bitween pause \"My", "My")).containsExactly("names", "My Music", "My \\$");
        assertThat(bash("bitween pause My\\ M", "My\\ M")).first().isEqualTo("names");
    }

    @Test
    void what_bash_does_not_replace_is_not_said_again() {
        world.answer("complete", "{'candidates':['bob@example.org']}");

        assertThat(bash("bitween verify bob@ex", "ex")).containsExactly("names", "example.org");
        assertThat(bash("bitween share x --to=bob@ex", "ex")).containsExactly("names", "example.org");
    }

    @Test
    void a_name_that_is_spelt_otherwise_takes_the_place_of_the_whole_word_or_none() {
        world.answer("complete", "{'candidates':['bob/My Music/']}");

        assertThat(bash("bitween get bob/my", "bob/my")).containsExactly("names", "bob/My\\ Music/");
        assertThat(bash("bitween get \"bob/my", "bob/my")).containsExactly("names", "bob/My Music/");
        assertThat(bash("bitween get bob@a/my", "a/my")).containsExactly("names");
    }

    @Test
    void files_and_folders_are_the_shells_own_business() {
        assertThat(bash("bitween share ~/Mu", "~/Mu")).containsExactly("files");
        assertThat(bash("bitween get a/b --to x", "x")).containsExactly("folders");
        assertThat(bash("bitween move Music x", "x")).containsExactly("folders");
        assertThat(world.calls).isEmpty();
    }

    @Test
    void commands_options_keys_and_choices_need_no_daemon() {
        world.running = false;
        world.setup.settings.addAll(List.of(Samples.PORT, Samples.ACTIVE));

        assertThat(bash("bitween unb", "unb")).containsExactly("names", "unblock");
        assertThat(bash("bitween friend a", "a")).containsExactly("names", "accept", "accept-files", "add");
        assertThat(bash("bitween config get net", "net")).containsExactly("names", "network.port");
        assertThat(bash("bitween rm --w", "--w")).containsExactly("names", "--with-files");
        assertThat(bash("bitween priority Music h", "h")).containsExactly("names", "high");
        assertThat(bash("bitween find x --type a", "a")).containsExactly("names", "audio", "archive");
        assertThat(bash("bitween completion ", "")).containsExactly("names", "bash", "zsh");
        assertThat(bash("bitween comp", "comp")).as("this command itself").containsExactly("names", "completion");
    }

    @Test
    void without_a_daemon_or_with_one_that_fails_there_is_nothing_and_no_error() {
        world.autostart = true;
        world.running = false;
        assertThat(bash("bitween pause M", "M")).containsExactly("names");
        assertThat(world.started).isEmpty();

        world.running = true;
        world.fail("complete", ErrorCode.INTERNAL, "it broke", "");
        assertThat(bash("bitween pause M", "M")).containsExactly("names");
        assertThat(bash("bitween pause Music and more", "more")).containsExactly("names");
        assertThat(bash("bitween nonsense ", "")).first().isEqualTo("names");
    }

    @Test
    @Timeout(20)
    @Tag("slow")
    void a_daemon_that_hangs_is_waited_for_two_seconds() {
        Environment real = world.answer("complete", "{'candidates':['Music']}").environment();
        CompletableFuture<ControlClient> late = new CompletableFuture<>();
        Environment hanging = new Environment(
                real.homes(),
                home -> late.join(),
                real.daemons(),
                real.setup(),
                real.autostart(),
                real.versions(),
                real.variables(),
                real.workingDirectory(),
                real.clock());

        int exitCode =
                Cli.run(new String[] {"complete", "bash", "--", "bitween pause M", "M"}, hanging, world.terminal);
        late.complete(real.clients().apply(FakeWorld.home(Path.of("/tmp/a"))));

        assertThat(exitCode).isEqualTo(ExitCodes.OK);
        assertThat(world.terminal.out).containsExactly("names");
    }

    @Test
    void names_that_no_terminal_may_see_are_left_out() {
        world.answer("complete", "{'candidates':['\\u001b[2J','ok']}");

        assertThat(bash("bitween pause ", "")).containsExactly("names", "ok");
    }

    @Test
    void zsh_quotes_by_itself() {
        world.answer("complete", "{'candidates':['My Music']}");

        assertThat(world.run("complete", "zsh", "--", "pause", "My M")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out).containsExactly("names", "My Music");
        assertThat(world.calls).containsExactly("complete {kind=TRANSFER, text=My M}");
    }

    @Test
    void the_home_in_the_line_is_the_one_that_is_asked() {
        world.variables.put("HOME", "/home/me");
        world.setup.settings.add(Samples.PORT);
        world.running = false;

        assertThat(bash("bitween --home ~/x config get net", "net")).containsExactly("names", "network.port");
    }

    @ParameterizedTest
    @CsvSource({"bash, complete -F _bitween bitween", "zsh, compdef _bitween bitween"})
    void the_script_knows_all_commands(String shell, String registers) {
        assertThat(world.run("completion", shell)).isEqualTo(ExitCodes.OK);

        assertThat(world.out()).contains(registers).doesNotContain("@COMMANDS@", "'complete'");
        assertThat(Cli.NAMES).allSatisfy(name -> assertThat(world.out()).containsPattern("[ ']" + name + "[ '\n]"));
        assertThat(world.calls).isEmpty();
    }

    @Test
    void zsh_itself_takes_its_script(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/bin/zsh")), "zsh is not installed");
        assertThat(world.run("completion", "zsh")).isEqualTo(ExitCodes.OK);
        Path script = Files.writeString(directory.resolve("_bitween"), world.out() + "\n");

        Process zsh = new ProcessBuilder("zsh", "-n", script.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(zsh.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(zsh.waitFor()).isZero();
    }

    @Test
    void another_shell_is_refused() {
        assertThat(world.run("completion", "fish")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("it is bash or zsh");
    }

    /** What nobody can offer; whoever adds an argument says which it is: here, or in {@link Expected}. */
    @Test
    void every_argument_that_names_something_is_completed() {
        CommandLine root = Cli.commandLine(new Session(world.environment(), world.terminal));
        Set<String> anything = new TreeSet<>();
        all(root)
                .forEach(spec -> spec.args().stream()
                        .filter(argument -> argument.arity().max() > 0)
                        .filter(argument -> Expected.of(spec.name(), argument).kind() == Expected.Kind.ANYTHING)
                        .forEach(argument -> anything.add(spec.name() + " " + argument.paramLabel())));

        assertThat(anything)
                .containsExactly(
                        "accept-files SIZE",
                        "add JID",
                        "diff @M",
                        "distrust DEVICE",
                        "events EVENT",
                        "events NUMBER",
                        "find MIN..MAX",
                        "find N",
                        "find WORDS",
                        "follow GLOB",
                        "follow SIZE",
                        "get -",
                        "get GLOB",
                        "get S",
                        "init HEX",
                        "init HOST:PORT",
                        "init JID",
                        "init NAME",
                        "limit RATE",
                        "send N",
                        "send NUMBER",
                        "send S",
                        "set VALUE",
                        "share N",
                        "share SIZE",
                        "status N",
                        "status SECONDS",
                        "top N",
                        "top SECONDS",
                        "trust DEVICE",
                        "want NUMBER",
                        "want WORDS");
    }

    private static Stream<CommandSpec> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command.getCommandSpec()),
                command.getSubcommands().values().stream().flatMap(CompletionTest::all));
    }
}
