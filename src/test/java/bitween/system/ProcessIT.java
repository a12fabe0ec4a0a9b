package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users start it: through the launcher, as processes of their own. */
class ProcessIT {
    private static final Duration STOP = Duration.ofSeconds(10);
    /** As the design names them; the ones that only live while there is work are not here. */
    private static final List<String> THREADS =
            List.of("bus", "io", "torrent", "alerts", "xmpp", "timer", "disk", "control", "lifecycle");

    @TempDir
    Path directory;

    private TestServer server;
    private Path home;

    private record Ended(int exitCode, String output) {}

    @BeforeEach
    void set_up() throws IOException, InterruptedException {
        server = TestServer.start(directory, "alice");
        home = directory.resolve("home");
        Path password = Files.writeString(directory.resolve("password"), "alice-secret");
        Ended init = bitween(
                "init",
                "--jid",
                "alice@" + TestServer.DOMAIN,
                "--password-file",
                password.toString(),
                "--server",
                "127.0.0.1:" + server.port(),
                "--ca",
                server.caFile().toString(),
                "--device",
                "laptop",
                "--allow",
                "loopback",
                "--listen",
                "loopback");
        assertThat(init.exitCode).as(init.output).isZero();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        bitween("stop");
        server.close();
    }

    @Test
    void a_daemon_in_the_background_is_ready_when_the_command_returns_and_stops_on_command() throws Exception {
        Ended started = bitween("daemon");

        Ended status = bitween("status", "--json");
        Ended second = bitween("daemon");
        Ended stopped = bitween("stop");
        Ended after = bitween("status");

        assertThat(started.exitCode).as(started.output).isZero();
        assertThat(status.output).contains("\"backend\":\"mmap\"");
        assertThat(second.exitCode).isEqualTo(6);
        assertThat(second.output).contains("already runs").contains("process " + pidIn(status));
        assertThat(stopped.exitCode).isZero();
        assertThat(after.exitCode).isEqualTo(3);
        assertThat(after.output).contains("start it with: bitween daemon");
    }

    @Test
    void its_threads_bear_the_names_of_the_design() throws Exception {
        bitween("daemon");
        long pid = pidIn(bitween("status", "--json"));

        Ended dump =
                run(Path.of(System.getProperty("java.home"), "bin", "jstack").toString(), Long.toString(pid));

        for (String thread : THREADS) {
            assertThat(dump.output).contains("\"" + thread + "\"");
        }
    }

    @Test
    void sigterm_and_sigint_are_clean_stops_within_ten_seconds() throws Exception {
        for (String signal : List.of("TERM", "INT")) {
            bitween("daemon");
            long pid = pidIn(bitween("status", "--json"));

            run("kill", "-" + signal, Long.toString(pid));

            awaitEnd(pid);
            assertThat(Files.readString(home.resolve("log/bitween.log"))).contains("stopping: SIG" + signal);
        }
        assertThat(Files.readString(home.resolve("log/bitween.log"))).contains("stopped in");
    }

    @Test
    void a_killed_daemon_leaves_nothing_that_keeps_the_next_from_starting() throws Exception {
        bitween("daemon");
        Path file = Files.write(directory.resolve("a.bin"), new byte[100_000]);
        assertThat(bitween("share", file.toString()).exitCode).isZero();
        long pid = pidIn(bitween("status", "--json"));

        run("kill", "-KILL", Long.toString(pid));
        awaitEnd(pid);
        Ended again = bitween("daemon");
        Ended shares = bitween("shares");

        assertThat(again.exitCode).as(again.output).isZero();
        assertThat(shares.output).contains("a.bin").contains("seeding");
    }

    @Test
    void a_home_of_a_newer_version_is_left_alone() throws Exception {
        bitween("daemon");
        bitween("stop");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("bitween.db"))) {
            setVersion(connection, 99);
        }

        Ended refused = bitween("daemon");

        assertThat(refused.exitCode).isEqualTo(1);
        assertThat(refused.output).contains("schema 99, newer than").contains("upgrade bitween");
    }

    @Test
    void a_wrong_line_in_the_configuration_is_named_by_line_and_column() throws Exception {
        Path config = home.resolve("bitween.toml");
        String text = Files.readString(config).replaceFirst("(?m)^#?\\s*port = .*$", "port = 70000");
        Files.writeString(config, text);
        long line = text.lines().takeWhile(each -> !each.equals("port = 70000")).count() + 1;

        Ended refused = bitween("daemon");

        assertThat(refused.exitCode).isEqualTo(1);
        assertThat(refused.output).contains("bitween.toml:" + line + ":").contains("70000");
    }

    @Test
    void the_password_is_in_no_process_table_and_no_log() throws Exception {
        bitween("daemon");
        long pid = pidIn(bitween("status", "--json"));

        String commandLine = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        String environment = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);

        assertThat(commandLine + environment).doesNotContain("alice-secret");
        assertThat(Files.readString(home.resolve("log/bitween.log"))).doesNotContain("alice-secret");
    }

    private static void setVersion(Connection connection, int version) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("pragma user_version = " + version);
        }
    }

    private static void awaitEnd(long pid) {
        Awaitility.await("process " + pid + " ends")
                .atMost(STOP)
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    private static long pidIn(Ended status) {
        Matcher pid = Pattern.compile("\"pid\":(\\d+)").matcher(status.output);
        assertThat(pid.find()).as(status.output).isTrue();
        return Long.parseLong(pid.group(1));
    }

    private Ended bitween(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("scripts/bitween", "--home", home.toString()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private Ended run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "out", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as(String.join(" ", command))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }
}
