package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.Program;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands for a daemon that is there and does not answer, typed as its users type them. */
class HungDaemonIT {
    private static final List<String> BY_LAUNCHER = List.of("env");
    private static final List<String> LOCAL = List.of("env", "BITWEEN_LOCALLY=1");
    /** One second until the launcher gives up, five until the program does, and as many JVMs at once as there are commands. */
    private static final int SOON_SECONDS = 40;

    @TempDir
    Path directory;

    private TestServer server;
    private Program alice;

    @BeforeEach
    void set_up() throws IOException, InterruptedException {
        server = TestServer.start(directory, "alice");
        alice = Program.initialised(directory, server, "alice", server.at("alice"));
        assertThat(alice.run("daemon").exitCode()).isZero();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        alice.run("stop");
        server.close();
    }

    @Test
    void each_command_soon_says_that_it_does_not_answer_and_works_again_when_it_goes_on() throws Exception {
        long pid = alice.pid();
        String expected = "bitween: the daemon (process " + pid + ") does not answer: Ctrl-Z or a signal stopped it\n"
                + "  let it go on with: kill -CONT " + pid + "; or end it with: kill -9 " + pid
                + ", and nothing is lost\n";
        Map<Process, Path> commands = new LinkedHashMap<>();

        Program.kill("STOP", pid);
        try {
            for (List<String> way : List.of(BY_LAUNCHER, LOCAL)) {
                for (String command : List.of("status", "stop", "daemon", "fsck")) {
                    Path output = directory.resolve(way.size() + " " + command);
                    commands.put(started(way, command, output), output);
                }
            }
            for (Map.Entry<Process, Path> command : commands.entrySet()) {
                assertThat(command.getKey().waitFor(SOON_SECONDS, TimeUnit.SECONDS))
                        .as(command.getValue().toString())
                        .isTrue();
            }
        } finally {
            commands.keySet().forEach(Process::destroyForcibly);
            Program.kill("CONT", pid);
        }

        for (Map.Entry<Process, Path> command : commands.entrySet()) {
            assertThat(command.getValue()).content().isEqualTo(expected);
            assertThat(command.getKey().exitValue()).isEqualTo(3);
        }
        assertThat(alice.pid())
                .as("what was told to have failed does not happen later")
                .isEqualTo(pid);
        assertThat(alice.run("stop").exitCode()).isZero();
    }

    private Process started(List<String> way, String command, Path output) throws IOException {
        List<String> words = new ArrayList<>(way);
        words.addAll(List.of("scripts/bitween", "--home", alice.home().toString(), command));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(Files.createFile(output).toFile())
                .start();
    }
}
