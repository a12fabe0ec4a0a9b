package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nobody sits: a container, a script. */
class HeadlessIT {
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
        Path home = directory.resolve("home");
        Path password = Files.writeString(directory.resolve("password"), "alice-secret");
        List<String> environment = List.of(
                "BITWEEN_HOME=" + home,
                "BITWEEN_JID=" + server.jid("alice"),
                "BITWEEN_PASSWORD_FILE=" + password,
                "BITWEEN_SERVER=" + server.at("alice"),
                "BITWEEN_CA=" + server.caFile("alice"),
                "BITWEEN_DEVICE=container",
                "BITWEEN_ALLOW=loopback",
                "BITWEEN_LISTEN=loopback",
                "BITWEEN_SHARE_WITH=everyone");

        assertThat(within(environment, "init").exitCode()).isZero();
        assertThat(within(environment, "daemon").exitCode()).isZero();
        try {
            Awaitility.await("online")
                    .atMost(PATIENCE)
                    .until(() ->
                            within(environment, "status", "--json").output().contains("\"state\":\"ONLINE\""));
            Path file = Folders.file(directory.resolve("a.bin"), 1_000, 1);
            Program.Ended shared = within(environment, "share", file.toString());
            assertThat(shared.exitCode()).as(shared.output()).isZero();
            assertThat(within(environment, "shares").output()).contains("a.bin");
        } finally {
            assertThat(within(environment, "stop").exitCode()).isZero();
        }
    }

    /** With no variable but these, and nobody who could be asked. */
    private Program.Ended within(List<String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH"), "LC_ALL=C.UTF-8"));
        command.addAll(environment);
        command.add("scripts/bitween");
        command.addAll(List.of(arguments));
        return Program.runToEnd(directory, command.toArray(String[]::new));
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
