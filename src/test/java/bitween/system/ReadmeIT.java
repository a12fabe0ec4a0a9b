package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.ChatProgram;
import bitween.testing.Folders;
import bitween.testing.TestServer;
import bitween.testing.Transcripts;
import bitween.testing.Transcripts.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the README shows somebody typing is typed here, by a bash, in that order; what comes of it is what it says, but for figures, dates and hashes. */
@Tag("xmpp-server")
class ReadmeIT {
    private static final Path README = Path.of("README.md");
    private static final Pattern README_JID = Pattern.compile("(\\w+)@example\\.(?:org|net)");

    @TempDir
    Path directory;

    private TestServer server;
    private Person alice;
    private Person bob;
    private Person carol;

    /** Somebody with a home of their own on this machine, who finds bitween in the path. */
    private final class Person {
        private final String name;
        private final Path home;

        Person(String name, String device) throws IOException, InterruptedException {
            this.name = name;
            home = Files.createDirectories(directory.resolve(name));
            Path password = Files.writeString(directory.resolve(name + ".password"), name + "-secret");
            Result init = type("bitween init --jid " + server.jid(name) + " --password-file '" + password
                    + "' --server " + server.at(name) + " --ca '" + server.caFile(name) + "' --device " + device
                    + " --allow loopback --listen loopback");
            // the questions stand in InitCommandTest
            assertThat(init.lines)
                    .containsExactly(
                            "logged in as " + server.jid(name),
                            "wrote /home/" + name + "/.config/bitween/bitween.toml",
                            "start sharing with: bitween daemon");
        }

        private record Result(int exitCode, List<String> lines, String errors) {}

        /** What is other here than with a release, and a server that DNS knows. */
        private static String plain(String line) {
            return line.replace("-SNAPSHOT", "").replaceAll(" at 127(\\.\\d+){3}:\\d+ since", " at example.org since");
        }

        Result type(String command) throws IOException, InterruptedException {
            Path output = directory.resolve(name + ".printed");
            Path errors = directory.resolve(name + ".errors");
            ProcessBuilder bash = new ProcessBuilder("bash", "--norc", "-c", "cd \"$HOME\" && " + command)
                    .redirectError(errors.toFile()) // progress, beside what fails
                    .redirectOutput(output.toFile());
            Map<String, String> environment = bash.environment();
            environment.keySet().removeIf(key -> key.startsWith("XDG_") || key.startsWith("BITWEEN"));
            environment.put("HOME", home.toString());
            environment.put("PATH", Path.of("scripts").toAbsolutePath() + ":" + environment.get("PATH"));
            Process process = bash.start();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(command).isTrue();
            String text = Files.readString(output).replace(home.toString(), "/home/" + name);
            List<String> lines = text.lines().map(Person::plain).toList();
            return new Result(process.exitValue(), lines, Files.readString(errors));
        }

        void does(String command) throws IOException, InterruptedException {
            Result result = type(command);
            assertThat(result.exitCode).as(command + ": " + result.errors).isZero();
        }

        void until(String command, String says) {
            Awaitility.await(name + ": " + command + " says " + says)
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> type(command).lines.toString().contains(says));
        }
    }

    @BeforeEach
    void people_with_something_to_share() throws IOException, InterruptedException {
        server = TestServer.start(directory, "alice", "bob", "carol");
        alice = new Person("alice", "laptop");
        bob = new Person("bob", "tower");
        carol = new Person("carol", "desk");
        Folders.file(alice.home.resolve("Pictures/Holiday/one.jpg"), 300_000, 1);
        Folders.file(alice.home.resolve("Pictures/Holiday/two.jpg"), 200_000, 2);
        Folders.file(alice.home.resolve("Notes/list.txt"), 2_000, 3);
        Folders.file(bob.home.resolve("Music/Live/encore.flac"), 900_000, 4);
        Folders.file(bob.home.resolve("Music/Studio/First/01 one.flac"), 800_000, 5);
        Folders.file(bob.home.resolve("Music/cover.jpg"), 70_000, 6);
        Folders.file(bob.home.resolve("Diary/April.txt"), 4_000, 9);
        Folders.file(bob.home.resolve("Diary/May.txt"), 5_000, 10);
        Folders.file(bob.home.resolve("Gardening/1.txt"), 40_000, 7);
        Folders.file(bob.home.resolve("Gardening/2.txt"), 50_000, 8);
        bob.does("bitween daemon");
        carol.does("bitween daemon");
    }

    @AfterEach
    void all_stop() throws IOException, InterruptedException {
        for (Person person : List.of(alice, bob, carol)) {
            Person.Result unused = person.type("bitween stop");
        }
        server.close();
    }

    /** What others do meanwhile, before the command that is shown. */
    private void meanwhile(String command) throws IOException, InterruptedException {
        switch (command) {
            case "bitween verify bob" -> {
                bob.until("bitween friends", "alice@");
                bob.does("bitween friend accept alice");
                alice.until("bitween friends", "tower");
                alice.does("bitween friend add " + server.jid("carol"));
                carol.until("bitween friends", "alice@");
                carol.does("bitween friend accept alice");
                alice.until("bitween friends", "desk");
                try (ChatProgram chat = ChatProgram.of(server, "alice")) {
                    chat.putInto(server.jid("bob"), "family");
                }
                alice.until("bitween friends --json", "family");
            }
            case "bitween ls bob" -> {
                bob.does("bitween share ~/Music --to everyone");
                alice.until("bitween ls bob", "Music");
            }
            case "bitween log bob/Diary" -> {
                bob.does("bitween share ~/Diary --live --keep-revisions 5 --to everyone");
                bob.until("ls ~/.local/share/bitween/revisions | grep -cE '^[0-9a-f]{40}$'", "[1]"); // it is kept
                bob.does("echo more >>Diary/May.txt");
                alice.until("bitween log bob/Diary", "@2");
            }
            case "bitween follow bob/Gardening --auto --notify" -> {
                bob.does("bitween share ~/Gardening --to everyone");
                alice.until("bitween ls bob", "Gardening");
            }
            case "bitween follow" -> alice.until("bitween follow", "up to date");
            case "bitween info Videos/encore.flac" ->
                alice.does("mkdir Videos && cp Downloads/bitween/Music/Live/encore.flac Videos");
            default -> {}
        }
    }

    @Test
    void what_the_readme_shows_is_what_happens() throws IOException, InterruptedException {
        Map<String, String> different = new TreeMap<>();
        int compared = 0;
        for (Step step : Transcripts.in(Files.readAllLines(README))) {
            if (step.command().equals("bitween init")) {
                continue; // asks at a terminal
            }
            meanwhile(step.command());
            Person.Result result =
                    alice.type(README_JID.matcher(step.command()).replaceAll(jid -> server.jid(jid.group(1))));
            List<String> shown = Transcripts.masked(step.output());
            List<String> seen = Transcripts.masked(result.lines());
            if (result.exitCode() != 0 || (!shown.isEmpty() && !shown.equals(seen))) {
                different.put(
                        step.command(),
                        "\nREADME:\n" + String.join("\n", shown) + "\nseen:\n" + String.join("\n", seen)
                                + "\n(exit code " + result.exitCode() + ")\n" + result.errors());
            }
            compared += shown.isEmpty() ? 0 : 1;
        }

        assertThat(different).isEmpty();
        assertThat(compared).isGreaterThan(8);
    }
}
