package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs and commands of the user's hear when a friend shares something and it comes. */
@Tag("xmpp-server")
class EventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void bob_has_commands_for_what_happens() throws IOException {
        Path told = Files.createDirectories(directory.resolve("told"));
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start(
                "bob",
                Map.of(
                        "on.complete",
                        "printf '%s' \"$BITWEEN_FRIEND got $BITWEEN_NAME at $BITWEEN_PATH\" > " + told + "/new && mv "
                                + told + "/new " + told + "/complete",
                        "on.shared",
                        "printf '%s' \"$BITWEEN_FRIEND $BITWEEN_NAME $BITWEEN_SIZE\" > " + told + "/new && mv " + told
                                + "/new " + told + "/shared"));
        alice.befriend(bob);
        bob.until("events", Map.of(), events -> words(events).contains("friend.listed"));
    }

    @Test
    void a_share_that_appears_and_is_got_is_told_step_by_step_and_starts_the_commands_for_it() throws IOException {
        Path film = Folders.file(directory.resolve("Film's \"best\" $(1).mkv"), 300_000, 1);
        alice.share(film);
        String name = film.getFileName().toString();
        bob.untilListed(alice, name);

        Answer got = bob.get("alice/" + name);

        assertThat(told("shared")).hasContent(alice.jid() + " " + name + " 300000");
        assertThat(told("complete")).hasContent(alice.jid() + " got " + name + " at " + got.text("place"));
        Answer events = bob.call("events", Map.of());
        assertThat(words(events))
                .containsSubsequence(
                        "connection", "friend.online", "friend.listed", "friend.shared", "job.added", "job.complete");
        assertThat(events.views("events").stream()
                        .filter(event -> event.text("event").equals("job.complete")))
                .singleElement()
                .satisfies(event -> assertThat(event.text("hash")).isEqualTo(got.text("hash")));
        assertThat(events.number("missed")).isZero();
    }

    @Test
    void what_somebody_waits_for_is_told_and_comes_by_itself_when_it_is_shared() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("Films"));
        Path wanted = Folders.file(folder.resolve("Nosferatu 1922.mkv"), 300_000, 1);
        Folders.file(folder.resolve("other.mkv"), 200_000, 2);
        bob.call("want.add", Map.of("words", "nosferatu", "auto", true));

        alice.share(folder);

        Answer found = bob.until("events", Map.of(), events -> words(events).contains("job.complete"));
        assertThat(words(found)).containsSubsequence("want.found", "job.added", "job.complete");
        assertThat(bob.downloads().resolve("Films/Nosferatu 1922.mkv")).hasSameBinaryContentAs(wanted);
        assertThat(bob.downloads().resolve("Films/other.mkv")).doesNotExist();
    }

    private Path told(String what) {
        Path file = directory.resolve("told").resolve(what);
        Awaitility.await(what).atMost(PATIENCE).until(() -> Files.exists(file));
        return file;
    }

    private static List<String> words(Answer events) {
        return events.views("events").stream().map(event -> event.text("event")).toList();
    }
}
