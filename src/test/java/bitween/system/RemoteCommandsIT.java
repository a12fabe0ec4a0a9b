package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.Program.Ended;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that the launcher hands to the daemon, beside the same ones in processes of their own. */
class RemoteCommandsIT {
    /** Whoever has to start a JVM fails. */
    private static final List<String> HANDED_OVER = List.of("env", "--default-signal=INT", "JAVA_HOME=/nonexistent");

    private static final List<String> LOCAL = List.of("env", "--default-signal=INT", "BITWEEN_LOCALLY=1");
    private static final Path LAUNCHER = Path.of("scripts/bitween").toAbsolutePath();
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";
    /** Far more than pipes and sockets hold. */
    private static final int FILM = 8_000_000;

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static TestServer server;
    private static Program alice;
    private static int runs;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(directory, "alice", "bob", "carol", "dora");
        alice = Program.initialised(directory, server, "alice", server.at("alice"));
        assertThat(alice.run("daemon").exitCode()).isZero();
        Folders.file(directory.resolve("Fotos ü 🏖/it's $5.txt"), 1_000, 1);
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        alice.run("stop");
        server.close();
    }

    private record Printed(int exitCode, String out, String err) {}

    private static List<String> words(List<String> way, String... arguments) {
        List<String> words = new ArrayList<>(way);
        words.addAll(List.of(LAUNCHER.toString(), "--home", alice.home().toString()));
        words.addAll(List.of(arguments));
        return words;
    }

    private static Started started(List<String> words) throws IOException {
        Path out = directory.resolve("out " + ++runs);
        Path err = directory.resolve("err " + runs);
        return new Started(
                new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start(),
                out,
                err);
    }

    private record Started(Process process, Path out, Path err) {
        Printed printed() throws IOException, InterruptedException {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return new Printed(process.exitValue(), Files.readString(out), Files.readString(err));
        }

        void signal(String name) throws IOException, InterruptedException {
            Program.kill(name, process.pid());
        }

        void awaitOutput() {
            Awaitility.await("it prints").atMost(SOON).until(() -> Files.size(out) > 0);
        }
    }

    private static Printed run(List<String> way, String... arguments) throws IOException, InterruptedException {
        return started(words(way, arguments)).printed();
    }

    private static Ended shell(List<String> way, String script) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(way);
        String bitween = "'" + LAUNCHER + "' --home '" + alice.home().toString().replace("'", "'\\''") + "'";
        words.addAll(List.of("sh", "-c", script.replace("bitween", bitween)));
        return Program.runToEnd(directory, Duration.ofMinutes(1), words.toArray(String[]::new));
    }

    /** The daemon's threads; a command has one. */
    private static String threads() throws IOException, InterruptedException {
        return Program.runToEnd(
                        directory,
                        Path.of(System.getProperty("java.home"), "bin", "jstack")
                                .toString(),
                        Long.toString(alice.pid()))
                .output();
    }

    private static void awaitNoCommand() {
        Awaitility.await("no command runs in the daemon")
                .atMost(SOON)
                .until(() -> !threads().contains("\"command-"));
    }

    @Test
    void a_command_says_the_same_in_the_daemon_as_in_a_process_of_its_own() throws Exception {
        Printed shared = run(HANDED_OVER, "share", "./Fotos ü 🏖", "--to", "everyone");
        assertThat(shared.out()).as(shared.toString()).startsWith("name       Fotos ü 🏖\n");
        assertThat(shared.exitCode()).isZero();
        for (String line : List.of(
                "share Fotos*",
                "share",
                "shares",
                "shares --json",
                "ls",
                "ls --help",
                "ls --tree -l",
                "jobs --json",
                "info Fotos",
                "info missing",
                "info missing --json",
                "get nobody/x",
                "jobs --jsn",
                "config get network.port",
                "config set network.port x",
                "limit",
                "send",
                "send --json",
                "send --rm 5",
                "send Fotos* nobody",
                "offers",
                "offers --json",
                "decline nobody/x",
                "friend accept-files nobody 5M",
                "grant Fotos",
                "complete bash -- bitween bitween")) {
            String[] words = line.split(" ");

            assertThat(run(HANDED_OVER, words)).as(line).isEqualTo(run(LOCAL, words));
        }
        assertThat(run(HANDED_OVER, "info", "Fotos ü 🏖").out())
                .contains("place      " + directory.toRealPath().resolve("Fotos ü 🏖") + "\n");
    }

    @Test
    void what_is_not_for_the_daemon_runs_where_it_was_typed() throws Exception {
        assertThat(run(HANDED_OVER, "version").exitCode()).isEqualTo(127);
        assertThat(run(HANDED_OVER, "--help").exitCode()).isEqualTo(127);
        assertThat(run(HANDED_OVER, "send", "-", "bob", "--name", "x").exitCode())
                .as("the input is where it was typed")
                .isEqualTo(127);
        assertThat(run(List.of("env", "JAVA_HOME=/nonexistent", "TZ=Pacific/Niue"), "jobs")
                        .exitCode())
                .isEqualTo(127);
        assertThat(alice.run("version").output()).startsWith("bitween ");
        assertThat(Program.runToEnd(
                                directory,
                                "env",
                                "TZ=Pacific/Niue",
                                LAUNCHER.toString(),
                                "--home",
                                alice.home().toString(),
                                "jobs")
                        .exitCode())
                .isZero();
    }

    @Test
    void a_pipe_that_closes_and_a_disk_that_is_full_are_as_elsewhere() throws Exception {
        for (List<String> way : List.of(HANDED_OVER, LOCAL)) {
            assertThat(shell(way, "bitween shares --json | true")).isEqualTo(new Ended(0, ""));
            assertThat(shell(way, "bitween jobs --json >/dev/full"))
                    .isEqualTo(new Ended(1, "bitween: the output is not complete: No space left on device\n"));
            assertThat(shell(way, "bitween status --watch --json --every 0.1 | head -n 1 | cut -c 1"))
                    .isEqualTo(new Ended(0, "{\n"));
            assertThat(
                            shell(
                                    way,
                                    "rm -f both; mkfifo both; bitween status --watch --json --every 0.1 -n 3 1<>both; echo ends with $?"))
                    .as("what it wrote can be read from where it writes to")
                    .isEqualTo(new Ended(0, "ends with 0\n"));
        }
        awaitNoCommand();
    }

    @Test
    void what_one_follows_ends_with_its_reader_and_not_when_it_next_has_something_to_say() throws Exception {
        String follows = "{ bitween COMMAND 2>/dev/null; echo ends with $? >&2; } | true";
        for (String command : List.of("events --follow", "top --every 3600", "status --watch --every 3600")) {
            assertThat(shell(HANDED_OVER, follows.replace("COMMAND", command)))
                    .as(command)
                    .isEqualTo(new Ended(0, "ends with 141\n"));
        }
        assertThat(shell(HANDED_OVER, follows.replace("COMMAND", "get " + HASH + " -")))
                .isEqualTo(new Ended(0, "ends with 141\n"));
        assertThat(shell(LOCAL, follows.replace("COMMAND", "status --watch --every 0.1")))
                .isEqualTo(new Ended(0, "ends with 141\n"));
        awaitNoCommand();
        assertThat(alice.run("rm", HASH, "--yes").exitCode()).isZero();
    }

    @Test
    void a_file_that_is_here_is_written_no_further_than_it_is_read() throws Exception {
        try (TestDaemon carol = TestDaemon.started(directory, server, "carol")) {
            Folders.file(directory.resolve("Box/film"), FILM, 2);
            carol.share(directory.resolve("Box"));
            carol.call("friend.add", Map.of("jid", alice.jid()));
            awaitDone("friend", "accept", carol.jid());
            awaitDone("get", "carol/Box", "--wait");
        }

        for (List<String> way : List.of(HANDED_OVER, LOCAL)) {
            assertThat(shell(way, "{ bitween get carol/Box/film -; echo ends with $? >&2; } | head -c 1 >/dev/null"))
                    .isEqualTo(new Ended(
                            0, "bitween: nobody reads the rest\n  the file stays where it is\nends with 141\n"));
        }
        awaitNoCommand();
    }

    @Test
    void what_comes_through_a_pipe_is_sent_whole_once_and_is_not_kept() throws Exception {
        try (TestDaemon dora = TestDaemon.started(directory, server, "dora")) {
            dora.call("friend.add", Map.of("jid", alice.jid()));
            awaitDone("friend", "accept", dora.jid());
            dora.call("friend.allowance", Map.of("friend", alice.jid(), "bytesPerDay", 2 * FILM));
            Ended sent = shell(
                    List.of("env"),
                    "head -c " + FILM + " /dev/urandom | tee '" + directory
                            + "/noise' | bitween send - dora --name 'noise ü.bin' --wait 2>/dev/null");

            assertThat(sent)
                    .isEqualTo(new Ended(0, "noise ü.bin for " + dora.jid() + " is there, whole and verified\n"));
            assertThat(dora.downloads().resolve("noise ü.bin")).hasSameBinaryContentAs(directory.resolve("noise"));
            Path piped = alice.home().resolve("piped");
            Awaitility.await("nothing of it stays")
                    .atMost(SOON)
                    .until(() -> piped.toFile().list().length == 0);
            assertThat(run(HANDED_OVER, "shares").out()).doesNotContain("noise");

            dora.call("friend.allowance", Map.of("friend", alice.jid(), "bytesPerDay", 0));
            assertThat(shell(List.of("env"), "echo words | bitween send - dora --name words.txt")
                            .exitCode())
                    .isZero();
            dora.until("offers", Map.of(), offers -> offers.views("offers").size() == 1);
            dora.call("offer.decline", Map.of("ref", alice.jid() + "/words.txt"));
            Awaitility.await("nor of that")
                    .atMost(SOON)
                    .until(() -> piped.toFile().list().length == 0);
            assertThat(run(HANDED_OVER, "send").out()).contains("words.txt", "declined", "taken");
        }
    }

    private static void awaitDone(String... arguments) {
        Awaitility.await(String.join(" ", arguments))
                .atMost(SOON)
                .until(() -> alice.run(arguments).exitCode() == 0);
    }

    @Test
    void what_does_something_is_done_though_nobody_reads_the_result() throws Exception {
        alice.run("get", HASH);

        assertThat(shell(HANDED_OVER, "{ sleep 1; bitween rm " + HASH + " --yes; echo ends with $? >&2; } | true"))
                .isEqualTo(new Ended(0, "ends with 0\n"));

        assertThat(run(HANDED_OVER, "info", HASH).exitCode()).isEqualTo(4);
    }

    @Test
    void ctrl_c_ends_a_command_in_the_daemon_too() throws Exception {
        for (List<String> way : List.of(HANDED_OVER, LOCAL)) {
            Started watching = started(words(way, "status", "--watch", "--json"));
            watching.awaitOutput();
            watching.signal("INT");
            assertThat(watching.printed().exitCode()).isEqualTo(130);
            Started ended = started(words(way, "status", "--watch", "--json"));
            ended.awaitOutput();
            ended.signal("TERM");
            assertThat(ended.printed().exitCode()).isEqualTo(143);
        }
        awaitNoCommand();
    }

    @Test
    void ctrl_c_says_what_goes_on() throws Exception {
        for (List<String> way : List.of(HANDED_OVER, LOCAL)) {
            Started waiting = started(words(way, "get", HASH, "--wait"));
            Awaitility.await("it waits")
                    .atMost(SOON)
                    .until(() -> Files.readString(waiting.err()).contains("waits for a friend"));
            waiting.signal("INT");
            assertThat(waiting.printed())
                    .isEqualTo(new Printed(
                            130,
                            "",
                            HASH + "  waits for a friend\n\nthe job goes on; bitween --home '"
                                    + alice.home().toString().replace("'", "'\\''") + "' jobs shows how far it is\n"));
        }
        alice.run("rm", HASH, "--yes");
    }

    @Test
    void a_person_is_asked_in_both_ways() throws Exception {
        assumeThat(Path.of("/usr/bin/script")).exists();
        List<String> screens = new ArrayList<>();
        for (List<String> way : List.of(HANDED_OVER, LOCAL)) {
            alice.run("get", HASH);
            Path keys = Files.writeString(directory.resolve("keys"), "n\n");
            List<String> words = new ArrayList<>(way);
            words.addAll(
                    List.of("script", "-qec", "'" + LAUNCHER + "' --home \"$BITWEEN_TEST\" rm " + HASH, "/dev/null"));
            ProcessBuilder terminal = new ProcessBuilder(words)
                    .redirectInput(keys.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("screen").toFile());
            terminal.environment().put("BITWEEN_TEST", alice.home().toString());
            Process asked = terminal.start();
            assertThat(asked.waitFor(1, TimeUnit.MINUTES)).isTrue();
            screens.add(asked.exitValue() + Files.readString(directory.resolve("screen"), StandardCharsets.UTF_8));
        }
        alice.run("rm", HASH, "--yes");

        assertThat(screens.get(0)).startsWith("1").contains("[y/N]").contains("nothing was removed");
        assertThat(screens.get(0)).isEqualTo(screens.get(1));
    }

    @Test
    void the_end_of_the_daemon_is_the_end_of_its_commands() throws Exception {
        Program bob = Program.initialised(directory, server, "bob", server.at("bob"));
        assertThat(bob.run("daemon").exitCode()).isZero();
        List<String> words = new ArrayList<>(HANDED_OVER);
        words.addAll(List.of(LAUNCHER.toString(), "--home", bob.home().toString(), "status", "--watch", "--json"));
        Started watching = started(words);
        watching.awaitOutput();

        Program.kill("KILL", bob.pid());

        assertThat(watching.printed().exitCode()).isEqualTo(3);
        assertThat(Files.readString(watching.out())).endsWith("start it with: bitween daemon\"}}\n");
    }
}
