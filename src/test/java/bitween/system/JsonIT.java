package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.control.client.Json;
import bitween.testing.Folders;
import bitween.testing.JsonKeys;
import bitween.testing.People;
import bitween.testing.Program;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs read: every command, as a person types it, prints with --json the keys that were released, all of them and no others. */
@Timeout(180)
class JsonIT {
    private static final Path KEYS = Path.of("src/test/resources/bitween/system/json.txt");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PAGE = Pattern.compile("bitween-(.+)[.]1");
    /** Those that only begin others. */
    private static final Set<String> GROUPS = Set.of("config", "friend");

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private JsonKeys keys;
    private Program alice;
    private TestDaemon bob;
    private String device = "";
    private final Set<String> typed = new TreeSet<>();

    @BeforeEach
    void two_people() throws IOException, InterruptedException {
        keys = new JsonKeys(KEYS);
        people = People.on(directory, "alice", "bob", "carol");
        alice = Program.initialised(
                directory, people.server(), "alice", people.server().at("alice"));
        bob = people.start("bob");
    }

    @Test
    void every_command_prints_the_keys_that_were_released() throws Exception {
        ofTheMachine();
        says("daemon");
        try {
            ofFriends();
            ofShares();
            ofWhatFriendsShare();
            ofJobs();
            ofTheDaemon();
        } finally {
            says("stop");
        }

        keys.verifyAll();
        Set<String> commands = new TreeSet<>();
        for (String page : Answer.of(Json.read(run("man DIR/man").output())).texts("pages")) {
            Matcher command = PAGE.matcher(page);
            if (command.matches()) {
                commands.add(command.group(1));
            }
        }
        commands.removeAll(GROUPS);
        assertThat(commands)
                .as("each has a page in the manual")
                .hasSizeGreaterThan(50)
                .isSubsetOf(typed);
    }

    private void ofTheMachine() throws Exception {
        Files.writeString(directory.resolve("secret"), "secret");
        says("init --home DIR/other --jid eve@demo.test --password-file DIR/secret --no-check");
        says("version");
        says("completion bash");
        says("man DIR/man");
        says("config show");
        says("config diff");
        says("config get network.port");
        says("config set network.port 0");
        says("config reset network.port");
        says("config validate");
        says("fsck");
        says("nonsense", 2);
    }

    private void ofFriends() throws Exception {
        until("status", "ONLINE");
        says("friend add carol@demo.test");
        says("friend rm carol@demo.test");
        bob.untilOnline();
        bob.call("friend.add", Map.of("jid", alice.jid()));
        until("friends", "\"pending\":[\"bob@demo.test\"]");
        says("friend accept bob@demo.test");
        until("friends", "\"name\":\"bob-laptop\",\"online\":true");
        says("friends");
        String before = Answer.of(Json.read(run("friends").output()))
                .views("friends")
                .get(0)
                .views("devices")
                .get(0)
                .text("id");
        bob.stop();
        Files.delete(bob.home().deviceKey());
        bob.start();
        until("friends", "\"held\":\"its key");
        says("trust bob");
        device = before;
        says("distrust bob DEVICE");
        says("verify bob");
        says("friend add carol@demo.test");
        says("block carol@demo.test");
        says("unblock carol@demo.test");
        says("pause --friend bob");
        says("resume --friend bob");
        says("limit bob --down 5M");
        says("limit");
        says("limit bob --off");
    }

    private void ofShares() throws Exception {
        Path notes = directory.resolve("Notes");
        Folders.file(notes.resolve("a.txt"), 1_000, 1);
        says("share DIR/Notes --live --to bob");
        Folders.file(notes.resolve("b.txt"), 1_000, 2);
        until("log Notes", "\"revision\":2");
        says("log Notes");
        says("diff Notes@1");
        says("grant Notes everyone");
        says("revoke Notes everyone");
        says("shares");
        Folders.file(directory.resolve("Old/c.txt"), 1_000, 3);
        says("share DIR/Old --to bob");
        says("move Old DIR/elsewhere");
        until("shares", "\"place\":\"" + directory.toRealPath() + "/elsewhere/Old\"");
        until("shares", "\"state\":\"SEEDING\"");
        Files.move(directory.resolve("elsewhere"), directory.resolve("moved"));
        until("shares", "\"state\":\"MISSING\"");
        says("relocate Old DIR/moved");
        says("unshare Old");
        try (Connection original = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("original.db"));
                Statement statement = original.createStatement()) {
            statement.execute(
                    "CREATE TABLE torrents (magnetlink VARCHAR PRIMARY KEY, torrent BLOB, status BLOB, save_path VARCHAR)");
            statement.execute("INSERT INTO torrents VALUES ('magnet:?xt=urn:btih:" + "a".repeat(40)
                    + "&dn=Gone', NULL, NULL, '" + directory + "')");
        }
        says("import --bitween DIR/original.db --dry-run");
        says("import --bitween DIR/original.db --to bob");
    }

    private void ofWhatFriendsShare() throws Exception {
        bob.share(Folders.holiday(directory.resolve("bob's"), "Holiday", 300_000));
        bob.share(Folders.file(directory.resolve("bob's/film.bin"), 300_000, 7));
        until("ls bob", "film.bin");
        until("find large", "large.bin");
        says("ls");
        says("ls bob");
        says("ls bob/Holiday");
        says("ls -l");
        says("find large");
        says("want sunset");
        says("want");
        says("want --rm 1");
        says("follow bob/Holiday");
        says("follow");
        says("unfollow bob/Holiday");
        says("send DIR/moved/Old bob");
        says("send");
        says("send --rm 1");
        Path note = Folders.file(directory.resolve("bob's/note.bin"), 1_000, 8);
        bob.call("send.add", Map.of("path", note.toString(), "friend", alice.jid()));
        until("offers", "note.bin");
        says("friend accept-files bob 1");
        says("offers");
        says("decline bob/note.bin");
    }

    private void ofJobs() throws Exception {
        says("get bob/film.bin --wait");
        says("get bob/film.bin");
        says("get bob/Holiday --only *.bin");
        until("jobs", "COMPLETE", "Holiday");
        says("jobs");
        says("info Holiday");
        says("info HOME/downloads/film.bin");
        says("priority Gone high");
        says("pause Gone");
        says("resume Gone");
        says("recheck Holiday");
        until("info Holiday", "\"state\":\"COMPLETE\""); // what is compared does not rest
        says("pause --all");
        says("resume --all");
        says("rm film.bin");
    }

    private void ofTheDaemon() throws Exception {
        says("status");
        says("top -n 1");
        says("events");
        says("doctor");
        says("doctor bob");
        says("bugreport -o DIR/report.zip");
        says("away");
        says("back");
        typed.add("shell");
        Program.Ended shell = Program.runToEnd(
                directory,
                "sh",
                "-c",
                "echo '{\"id\":1,\"command\":[\"version\"]}' | scripts/bitween shell --json --home \"" + alice.home()
                        + "\"");
        keys.look("shell", Json.read(shell.output()));
    }

    private void says(String line) throws Exception {
        says(line, 0);
    }

    private void says(String line, int exitCode) throws Exception {
        Program.Ended ended = run(line);
        assertThat(ended.exitCode()).as(line + " says " + ended.output()).isEqualTo(exitCode);
        assertThat(ended.output().lines()).as(line).hasSize(1);
        keys.look(line, Json.read(ended.output()));
        String[] words = line.split(" ");
        typed.add(GROUPS.contains(words[0]) ? words[0] + "-" + words[1] : words[0]);
    }

    private Program.Ended run(String line) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (String word : line.split(" ")) {
            words.add(word.replace("DEVICE", device)
                    .replace("DIR", directory.toString())
                    .replace("HOME", alice.home().toString()));
        }
        words.add("--json");
        return alice.run(words.toArray(String[]::new));
    }

    private void until(String line, String... seen) {
        Awaitility.await(line).atMost(PATIENCE).until(() -> {
            String output = run(line).output();
            return List.of(seen).stream().allMatch(output::contains);
        });
    }
}
