package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.Program;
import bitween.testing.Program.Ended;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A first setup, by a machine, against a server: what it refuses is not written, and what it would make is made when that is wanted. */
@Tag("xmpp-server")
class InitIT {
    @TempDir
    Path directory;

    @Test
    void an_open_server_makes_the_account_when_that_is_wanted() throws IOException, InterruptedException {
        try (TestServer server = TestServer.startOpen(directory)) {
            Program dora = Program.bare(directory, server, "dora");

            Ended unknown = init(dora, server, "dora", "secret");
            assertThat(unknown.output()).startsWith("{\"error\":{\"code\":\"XMPP_AUTH\"");
            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(dora.home()).doesNotExist();

            Ended made = init(dora, server, "dora", "secret", "--register");
            assertThat(made.output())
                    .isEqualTo(
                            "{\"config\":\"" + dora.home() + "/bitween.toml\",\"registered\":true,\"checked\":true}\n");

            byte[] written = Files.readAllBytes(dora.home().resolve("bitween.toml"));
            Ended wrong = init(dora, server, "dora", "wrong", "--force", "--register");
            assertThat(wrong.output()).contains("\"XMPP_AUTH\"", "is there already, with another password");
            assertThat(dora.home().resolve("bitween.toml")).hasBinaryContent(written);
            assertThat(dora.home().resolve("password")).hasContent("secret");
        }
    }

    @Test
    void a_server_that_makes_no_accounts_lets_in_whom_it_knows_and_says_what_it_does_not_do()
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(directory, "alice")) {
            Program alice = Program.bare(directory, server, "alice");

            Ended known = init(alice, server, "alice", "alice-secret");
            assertThat(known.output()).contains("\"registered\":false,\"checked\":true");

            Program eve = Program.bare(directory, server, "eve");
            Ended closed = init(eve, server, "alice", "secret", "--register");
            assertThat(closed.output()).contains("\"XMPP_REGISTRATION\"", "lets nobody make an account");
            assertThat(closed.exitCode()).isEqualTo(1);
        }
    }

    /** What it says is one object, and no warning of a library's before or after it. */
    private Ended init(Program program, TestServer server, String person, String password, String... more)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("password"), password);
        List<String> command = new ArrayList<>(List.of("--json", "init", "--password-file", file.toString()));
        command.addAll(List.of(
                "--server", server.at(person), "--ca", server.caFile(person).toString()));
        command.addAll(List.of("--allow", "loopback", "--listen", "loopback"));
        command.addAll(List.of("--jid", program.jid()));
        command.addAll(List.of(more));
        return program.run(command.toArray(String[]::new));
    }
}
