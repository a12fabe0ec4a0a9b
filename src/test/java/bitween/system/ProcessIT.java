package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.ExpectedErrors;
import bitween.testing.Program;
import bitween.testing.Program.Ended;
import bitween.testing.TcpProxy;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users start it: through the launcher, as processes of their own. */
class ProcessIT {
    private static final Duration STOP = Duration.ofSeconds(10);
    /** Each is a JVM, which costs a second of CPU. */
    private static final int STARTS = Boolean.getBoolean("bitween.long") ? 50 : 16;

    private static final Duration READY = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(10);
    /** As the design names them; the ones that only live while there is work are not here. */
    private static final List<String> THREADS =
            List.of("bus", "io", "torrent", "alerts", "xmpp", "timer", "disk", "control", "lifecycle");

    @TempDir
    Path directory;

    private TestServer server;
    private Program alice;

    @BeforeEach
    void set_up() throws IOException, InterruptedException {
        server = TestServer.start(directory, "alice", "bob");
        alice = Program.initialised(directory, server, "alice", server.at("alice"));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        alice.run("stop");
        server.close();
    }

    @Test
    void a_daemon_in_the_background_is_ready_when_the_command_returns_and_stops_on_command() throws Exception {
        Ended started = alice.run("daemon");

        Ended status = alice.run("status", "--json");
        long pid = alice.pid();
        Ended second = alice.run("daemon");
        Ended stopped = alice.run("stop");
        Ended after = alice.run("status");

        assertThat(started.exitCode()).as(started.output()).isZero();
        assertThat(status.output()).contains("\"backend\":\"mmap\"");
        assertThat(second.exitCode()).isEqualTo(6);
        assertThat(second.output()).contains("already runs").contains("process " + pid);
        assertThat(stopped.exitCode()).isZero();
        assertThat(after.exitCode()).isEqualTo(3);
        assertThat(after.output()).contains("start it with: bitween --home ");
    }

    @Test
    void of_many_that_start_at_once_one_wins_and_each_other_names_it() throws Exception {
        alice.run("daemon"); // the first of all prepares a faster start, which is not to be measured
        alice.run("stop");
        Map<Process, Path> starts = new HashMap<>();
        for (int i = 0; i < STARTS; i++) {
            starts.putAll(startInForeground(Path.of("scripts/bitween"), directory.resolve("start " + i)));
        }

        Awaitility.await("all but one have given up")
                .atMost(Duration.ofMinutes(5))
                .until(() -> starts.keySet().stream().filter(Process::isAlive).count() == 1);

        Awaitility.await("the one is ready")
                .atMost(READY)
                .until(() -> alice.run("status").exitCode() == 0);
        long winner = alice.pid();
        for (Map.Entry<Process, Path> start : starts.entrySet()) {
            if (start.getKey().pid() != winner) {
                assertThat(start.getKey().exitValue()).isEqualTo(6);
                assertThat(Files.readString(start.getValue())).contains("already runs", "process " + winner);
            }
        }
    }

    @Test
    void of_many_first_starts_at_once_one_prepares_the_faster_start() throws Exception {
        Path root = Files.createDirectories(directory.resolve("installed"));
        Files.createDirectories(root.resolve("scripts"));
        Path target = Files.createDirectories(root.resolve("target"));
        Files.copy(Path.of("scripts/bitween"), root.resolve("scripts/bitween"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(Path.of("target/bitween.jar"), target.resolve("bitween.jar"));
        Files.createSymbolicLink(target.resolve("lib"), Path.of("target/lib").toAbsolutePath());
        Map<Process, Path> starts = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            starts.putAll(startInForeground(root.resolve("scripts/bitween"), directory.resolve("first start " + i)));
        }

        Awaitility.await("all but one have given up")
                .atMost(Duration.ofMinutes(5))
                .until(() -> starts.keySet().stream().filter(Process::isAlive).count() == 1);

        List<String> said = new ArrayList<>();
        for (Path output : starts.values()) {
            said.add(Files.readString(output));
        }
        assertThat(said)
                .filteredOn(text -> text.contains("preparing a faster start"))
                .hasSize(1);
        assertThat(said).filteredOn(text -> text.contains("already runs")).hasSize(2);
    }

    private Map<Process, Path> startInForeground(Path launcher, Path output) throws IOException {
        Process started = new ProcessBuilder(
                        launcher.toString(), "--home", alice.home().toString(), "daemon", "--foreground")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return Map.of(started, output);
    }

    @Test
    void a_command_starts_the_daemon_where_the_configuration_wants_that() throws Exception {
        Path config = alice.home().resolve("bitween.toml");
        assertThat(alice.run("shares").exitCode()).isEqualTo(3);

        Files.writeString(config, Files.readString(config).replaceFirst("#autostart = .*", "autostart = true"));
        Ended shares = alice.run("shares");

        assertThat(shares.exitCode()).as(shares.output()).isZero();
        assertThat(ProcessHandle.of(alice.pid())).isPresent();
    }

    @Test
    void in_a_folder_that_was_removed_it_says_so_and_starts_no_java() throws IOException, InterruptedException {
        String launcher = Path.of("scripts/bitween").toAbsolutePath().toString();
        for (String options : List.of("", " --json")) {
            Path gone = Files.createDirectory(directory.resolve("gone"));
            Ended ended = Program.runToEnd(
                    directory,
                    "sh",
                    "-c",
                    "cd " + gone + " && rmdir " + gone + " && " + launcher + " status" + options);

            assertThat(ended.exitCode()).isEqualTo(4);
            assertThat(ended.output())
                    .contains("the folder in which this was typed is not there any more")
                    .doesNotContain("java.lang");
        }
    }

    @Test
    void a_result_that_cannot_be_written_is_no_success() throws Exception {
        Ended full = Program.runToEnd(directory, "sh", "-c", "scripts/bitween version >/dev/full");
        Ended unread = Program.runToEnd(directory, "sh", "-c", "scripts/bitween --help | true");

        assertThat(full.exitCode()).isEqualTo(1);
        assertThat(full.output()).isEqualTo("bitween: the output is not complete: No space left on device\n");
        assertThat(unread.output()).isEmpty();
    }

    @Test
    void its_threads_bear_the_names_of_the_design() throws Exception {
        alice.run("daemon");
        long pid = alice.pid();

        Ended dump = Program.runToEnd(
                directory,
                Path.of(System.getProperty("java.home"), "bin", "jstack").toString(),
                Long.toString(pid));

        for (String thread : THREADS) {
            assertThat(dump.output()).contains("\"" + thread + "\"");
        }
    }

    @Test
    void sigterm_and_sigint_are_clean_stops_within_ten_seconds_and_lose_nothing() throws Exception {
        alice.run("daemon");
        Path file = Files.write(directory.resolve("a.bin"), new byte[100_000]);
        assertThat(alice.run("share", file.toString(), "--to", "everyone").exitCode())
                .isZero();
        for (String signal : List.of("TERM", "INT")) {
            long pid = alice.pid();

            Program.kill(signal, pid);

            Program.awaitEnd(pid, STOP);
            assertThat(alice.log()).contains("stopping: SIG" + signal);
            alice.run("daemon");
            assertThat(alice.run("shares").output()).contains("a.bin").contains("seeding");
        }
        assertThat(alice.log()).contains("stopped in");
    }

    @Test
    void a_second_signal_ends_a_stop_that_is_held_up_at_once_and_nothing_is_lost() throws Exception {
        try (TcpProxy network = TcpProxy.to(server.port())) {
            Program bob = Program.initialised(directory, server, "bob", "127.0.0.1:" + network.port());
            Process daemon = bob.start("daemon", "--foreground");
            Awaitility.await("bob is online")
                    .atMost(READY)
                    .until(() -> bob.run("status", "--json").output().contains("\"state\":\"ONLINE\""));
            Path file = Files.write(directory.resolve("b.bin"), new byte[100_000]);
            assertThat(bob.run("share", file.toString(), "--to", "everyone").exitCode())
                    .isZero();

            network.holdToClient(); // so that the server never says good-bye
            Program.kill("TERM", daemon.pid());
            Awaitility.await("the stop has begun")
                    .pollInterval(LOOK)
                    .until(() -> bob.printed().contains("stopping: SIGTERM"));
            Program.kill("TERM", daemon.pid());

            assertThat(daemon.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(daemon.exitValue()).as(bob.printed()).isEqualTo(130);
            assertThat(bob.printed()).doesNotContain("stopped in");
            network.release();
            assertThat(bob.run("daemon").exitCode()).isZero();
            assertThat(bob.run("shares").output()).contains("b.bin").contains("seeding");
            assertThat(bob.run("stop").exitCode()).isZero();
        }
    }

    @Test
    void a_killed_daemon_leaves_nothing_that_keeps_the_next_from_starting() throws Exception {
        alice.run("daemon");
        Path file = Files.write(directory.resolve("a.bin"), new byte[100_000]);
        assertThat(alice.run("share", file.toString(), "--to", "everyone").exitCode())
                .isZero();
        long pid = alice.pid();

        Program.kill("KILL", pid);
        Program.awaitEnd(pid, STOP);
        Ended again = alice.run("daemon");
        Ended shares = alice.run("shares");

        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(shares.output()).contains("a.bin").contains("seeding");
    }

    @Test
    @ExpectedErrors("DaemonRun: cannot start: the database has schema 99")
    void a_home_of_a_newer_version_is_left_alone() throws Exception {
        alice.run("daemon");
        alice.run("stop");
        try (Connection connection =
                DriverManager.getConnection("jdbc:sqlite:" + alice.home().resolve("bitween.db"))) {
            setVersion(connection, 99);
        }

        Ended refused = alice.run("daemon");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("schema 99, newer than").contains("upgrade bitween");
    }

    @Test
    void a_wrong_line_in_the_configuration_is_named_by_line_and_column() throws Exception {
        Path config = alice.home().resolve("bitween.toml");
        String text = Files.readString(config).replaceFirst("(?m)^#?\\s*port = .*$", "port = 70000");
        Files.writeString(config, text);
        long line = text.lines().takeWhile(each -> !each.equals("port = 70000")).count() + 1;

        Ended refused = alice.run("daemon");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("bitween.toml:" + line + ":").contains("70000");
    }

    @Test
    void the_password_is_in_no_process_table_and_no_log() throws Exception {
        alice.run("daemon");
        long pid = alice.pid();

        String commandLine = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        String environment = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);

        assertThat(commandLine + environment).doesNotContain("alice-secret");
        assertThat(alice.log()).doesNotContain("alice-secret");
    }

    private static void setVersion(Connection connection, int version) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("pragma user_version = " + version);
        }
    }
}
