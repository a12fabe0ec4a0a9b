package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a file came from is known for good, also when its job is forgotten and its owner is gone. */
@Tag("xmpp-server")
class OriginIT {
    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private Path one;

    @BeforeEach
    void bob_gets_from_alice() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        Path film = directory.resolve("Film");
        Folders.file(film.resolve("Extras/one.mkv"), 700_000, 1);
        Folders.file(film.resolve("two.mkv"), 700_000, 2);
        alice.share(film);
        bob.untilListed(alice, "Film");
        bob.get("alice/Film/Extras");
        one = bob.downloads().resolve("Film/Extras/one.mkv");
    }

    @Test
    void a_file_tells_from_whom_and_when_it_came_after_its_job_was_forgotten_and_a_restart() {
        Answer job = bob.call("transfer.get", Map.of("name", "Film"));
        untilKnown(one);
        bob.call("job.rm", Map.of("name", "Film"));
        bob.call("friend.rm", Map.of("jid", alice.jid()));
        bob.stop();
        bob.start();

        Answer origin = bob.call("origin", Map.of("path", one.toString()))
                .views("origins")
                .get(0);

        assertThat(origin.text("share")).isEqualTo("Film");
        assertThat(origin.texts("path")).containsExactly("Extras", "one.mkv");
        assertThat(origin.text("hash")).isEqualTo(job.text("hash"));
        assertThat(time(origin)).isEqualTo(time(job));
        assertThat(origin.number("sizeBytes")).isEqualTo(700_000);
        assertThat(origin.views("from").get(0).text("jid")).isEqualTo(alice.jid());
        assertThat(origin.views("from").get(0).text("name")).isEqualTo("alice-laptop");
    }

    @Test
    void what_was_moved_is_found_by_what_is_in_it_and_what_came_otherwise_is_unknown() throws IOException {
        untilKnown(one);
        String sha256 = bob.call("origin", Map.of("path", one.toString()))
                .views("origins")
                .get(0)
                .text("sha256");
        Path moved = Files.move(one, directory.resolve("else.mkv"));

        Answer found = bob.call("origin", Map.of("path", moved.toString(), "sha256", sha256));

        assertThat(found.flag("moved")).isTrue();
        assertThat(found.views("origins").get(0).text("place")).isEqualTo(one.toString());
        for (Path unknown : List.of(moved, bob.downloads().resolve("Film/two.mkv"), bob.downloads())) {
            assertThatThrownBy(() -> bob.call("origin", Map.of("path", unknown.toString())))
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FILE));
        }
    }

    @Test
    void what_came_later_of_the_same_share_came_later() {
        untilKnown(one);
        Answer first = bob.call("origin", Map.of("path", one.toString()));
        Answer all = bob.get("alice/Film");
        Path two = bob.downloads().resolve("Film/two.mkv");

        untilKnown(two);

        assertThat(time(bob.call("origin", Map.of("path", two.toString()))
                        .views("origins")
                        .get(0)))
                .isEqualTo(time(all));
        assertThat(bob.call("origin", Map.of("path", one.toString())).views("origins"))
                .isEqualTo(first.views("origins"));
        assertThat(bob.call(
                                "origin",
                                Map.of("path", bob.downloads().resolve("Film").toString()))
                        .views("origins"))
                .isNotEmpty();
    }

    /** To the millisecond, as it is kept. */
    private static Instant time(Answer view) {
        return view.instant("finished").orElseThrow().truncatedTo(ChronoUnit.MILLIS);
    }

    /** It is kept just after the job is told to be complete. */
    private void untilKnown(Path file) {
        bob.until("status", Map.of(), status -> isKnown(file));
    }

    private boolean isKnown(Path file) {
        try {
            return bob.call("origin", Map.of("path", file.toString())).has("origins");
        } catch (UserException e) {
            return false;
        }
    }
}
