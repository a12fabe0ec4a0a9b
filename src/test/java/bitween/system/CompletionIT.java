package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Program;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tab in a real shell, with names that a real daemon knows. */
@Tag("xmpp-server")
class CompletionIT {
    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon bob;

    @BeforeEach
    void alice_shares_what_has_an_odd_name() throws IOException {
        people = People.on(directory, "alice", "bob");
        TestDaemon alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        Folders.file(directory.resolve("Schöne Ferien 🏖/it's $5.txt"), 1_000, 1);
        Folders.file(directory.resolve("Schöne Ferien 🏖/Tag 1/a.txt"), 1_000, 2);
        alice.share(directory.resolve("Schöne Ferien 🏖"));
        bob.untilListed(alice, "Ferien");
        bob.call("ls", Map.of("path", "alice/Schöne Ferien 🏖")); // a tab waits for nobody
        Files.writeString(directory.resolve("completion.bash"), run("scripts/bitween", "completion", "bash"));
    }

    private String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** @return what bash would offer for the last word of {@code line}, and what the completion printed beside that */
    private List<String> tab(String line) throws IOException, InterruptedException {
        String script = """
                set -u
                source "$1/completion.bash"
                COMP_LINE=$2 COMP_POINT=${#2}
                _bitween scripts/bitween "${2##*[ \\"]}" ""
                ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
                """;
        return Program.runToEnd(directory, "bash", "--norc", "-c", script, "tab", directory.toString(), line)
                .output()
                .lines()
                .toList();
    }

    private String words(String command) {
        return "scripts/bitween --home " + bob.home().data() + " " + command;
    }

    @Test
    void bash_is_offered_friends_their_shares_and_what_is_in_them() throws Exception {
        assertThat(tab(words("get al"))).containsExactly("alice/");
        assertThat(tab(words("get alice/"))).containsExactly("alice/Schöne\\ Ferien\\ 🏖/");
        assertThat(tab(words("get \"alice/"))).containsExactly("alice/Schöne Ferien 🏖/");
        assertThat(tab(words("get alice/Schöne\\ Ferien\\ 🏖/"))).hasSize(2).contains("🏖/it\\'s\\ \\$5.txt");
        assertThat(tab(words("config get network.up"))).containsExactly("network.upload_bytes_per_second");
        assertThat(tab(words("share x --to ev"))).containsExactly("everyone");
        assertThat(tab("bitween una")).isEmpty();
        assertThat(tab("bitween unsh")).containsExactly("unshare");
    }

    @Test
    void without_a_daemon_nothing_is_offered_and_nothing_is_said() throws Exception {
        bob.stop();

        assertThat(tab(words("get al"))).isEmpty();
    }

    /** The keys go through a terminal and readline, as a person's do; what bash makes of the line is then run. */
    @Test
    void a_person_who_presses_tab_gets_the_name_as_bash_reads_it() throws Exception {
        assumeThat(Path.of("/usr/bin/script")).exists();
        Path keys = Files.writeString(
                directory.resolve("keys"),
                "source '" + directory + "/completion.bash'\n"
                        + "PATH=$PWD/scripts:$PATH\n"
                        + "bitween --home " + bob.home().data() + " ls al\tSch\tTag\t > '" + directory + "/listed'\n"
                        + "exit\n");

        Process terminal = new ProcessBuilder("script", "-qec", "bash --norc -i", "/dev/null")
                .redirectInput(keys.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("screen").toFile())
                .start();
        assertThat(terminal.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertThat(directory.resolve("listed"))
                .as(Files.readString(directory.resolve("screen")))
                .content()
                .contains("a.txt");
    }
}
