package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.TestServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nobody sits: a container, a script. */
class HeadlessIT {
    /** What {@code docker stop} gives. */
    private static final Duration STOP = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @AutoClose
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(directory, "alice");
    }

    @Test
    void what_the_environment_says_is_enough_to_set_up_and_run() throws Exception {
        List<String> environment = environment();

        assertThat(within(environment, "init").exitCode()).isZero();
        assertThat(within(environment, "daemon").exitCode()).isZero();
        try {
            untilOnline(environment);
            Path file = Folders.file(directory.resolve("a.bin"), 1_000, 1);
            Program.Ended shared = within(environment, "share", file.toString());
            assertThat(shared.exitCode()).as(shared.output()).isZero();
            assertThat(within(environment, "shares").output()).contains("a.bin");
        } finally {
            assertThat(within(environment, "stop").exitCode()).isZero();
        }
    }

    /** As a container is run, stopped, and run again on what it keeps. */
    @Test
    void the_first_process_of_a_container_is_set_up_by_its_environment_each_time_and_keeps_what_it_has()
            throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "process ids of its own need root");
        List<String> environment = new ArrayList<>(environment());
        environment.add("BITWEEN_FORCE=true");
        Path file = Folders.file(directory.resolve("a.bin"), 1_000, 1);

        for (int run = 1; run <= 2; run++) {
            Path printed = directory.resolve("printed " + run);
            List<String> command = new ArrayList<>(bare(environment));
            command.addAll(List.of("unshare", "--pid", "--fork", "--kill-child", "sh", "-c"));
            command.add("scripts/bitween init && exec scripts/bitween daemon --foreground");
            Process container = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            try {
                untilOnline(environment);
                if (run == 1) {
                    assertThat(within(environment, "share", file.toString()).exitCode())
                            .isZero();
                }
                assertThat(within(environment, "shares").output()).contains("a.bin", "seeding");
                container.children().forEach(ProcessHandle::destroy);

                assertThat(container.waitFor(STOP.toSeconds(), TimeUnit.SECONDS))
                        .as(Files.readString(printed))
                        .isTrue();
                assertThat(container.exitValue()).as(Files.readString(printed)).isZero();
            } finally {
                container.destroyForcibly();
            }
        }
    }

    private List<String> environment() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), "alice-secret");
        return List.of(
                "BITWEEN_HOME=" + directory.resolve("home"),
                "BITWEEN_JID=" + server.jid("alice"),
                "BITWEEN_PASSWORD_FILE=" + password,
                "BITWEEN_SERVER=" + server.at("alice"),
                "BITWEEN_CA=" + server.caFile("alice"),
                "BITWEEN_DEVICE=container",
                "BITWEEN_ALLOW=loopback",
                "BITWEEN_LISTEN=loopback",
                "BITWEEN_SHARE_WITH=everyone");
    }

    private void untilOnline(List<String> environment) {
        Awaitility.await("online")
                .atMost(PATIENCE)
                .until(() -> within(environment, "status", "--json").output().contains("\"state\":\"ONLINE\""));
    }

    /** With no variable but these, and nobody who could be asked. */
    private Program.Ended within(List<String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(bare(environment));
        command.add("scripts/bitween");
        command.addAll(List.of(arguments));
        return Program.runToEnd(directory, command.toArray(String[]::new));
    }

    private static List<String> bare(List<String> environment) {
        List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH"), "LC_ALL=C.UTF-8"));
        command.addAll(environment);
        return command;
    }

    @Test
    void a_command_starts_the_daemon_where_the_configuration_says_so() throws Exception {
        Program alice = Program.initialised(directory, server, "alice", server.at("alice"));
        assertThat(alice.run("status").exitCode()).as("without a daemon").isEqualTo(3);
        assertThat(alice.run("config", "set", "control.autostart", "true").exitCode())
                .isZero();

        Program.Ended friends = alice.run("friends");

        try {
            assertThat(friends.exitCode()).as(friends.output()).isZero();
            assertThat(alice.run("status").exitCode()).isZero();
        } finally {
            assertThat(alice.run("stop").exitCode()).isZero();
        }
        assertThat(alice.run("stop").exitCode()).as("which starts none").isEqualTo(3);
    }
}
