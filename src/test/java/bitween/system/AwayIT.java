package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who leaves without stopping the daemon, while a friend gets something. */
@Tag("xmpp-server")
class AwayIT {
    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private Answer job;

    @BeforeEach
    void one_gets_something_slowly() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        alice.share(Folders.file(directory.resolve("film.bin"), 30_000_000, 1));
        bob.untilListed(alice, "film.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_000_000));
        job = bob.want("alice/film.bin");
        bob.until("jobs", Map.of(), jobs -> jobs.views("jobs").get(0).number("doneBytes") > 1_000_000);
    }

    @Test
    void what_is_on_its_way_ends_at_once_if_wanted_and_goes_on_with_back() throws IOException {
        alice.call("away", Map.of("stopSeeding", true));
        bob.until("status", Map.of(), status -> status.view("rates").number("down") == 0);
        bob.until(
                "jobs",
                Map.of(),
                jobs -> jobs.views("jobs").get(0).views("peers").isEmpty());
        assertThat(bob.call("jobs").views("jobs").get(0).text("state")).isNotEqualTo("COMPLETE");
        assertThat(alice.call("status").view("xmpp").text("state")).isEqualTo("AWAY");

        alice.call("back", Map.of());
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));

        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
    }

    @Test
    void else_it_goes_on_and_ends_well_though_friends_see_nobody_there() throws IOException {
        alice.call("away", Map.of());
        untilBobSeesAliceOnline(false);
        assertThat(bob.call("jobs").views("jobs").get(0).views("peers")).isNotEmpty();
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));

        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(alice.call("status").view("xmpp").text("state")).isEqualTo("AWAY");
    }

    @Test
    void nothing_new_begins_until_one_is_back() throws IOException {
        alice.share(Folders.file(directory.resolve("song.bin"), 100_000, 2));
        bob.untilListed(alice, "song.bin");
        alice.call("away", Map.of());
        untilBobSeesAliceOnline(false);

        Answer song = bob.want("alice/song.bin");

        assertThat(song.text("state")).isEqualTo("WAITING_FOR_FRIEND");
        assertThat(song.number("holdersOnline")).isZero();
        alice.call("back", Map.of());
        untilBobSeesAliceOnline(true);
        assertThat(bob.settled(song).text("state")).isEqualTo("COMPLETE");
    }

    private void untilBobSeesAliceOnline(boolean online) {
        bob.until(
                "friends",
                Map.of(),
                answer -> answer.views("friends").stream()
                        .filter(friend -> friend.text("jid").equals(alice.jid()))
                        .allMatch(friend -> friend.flag("online") == online));
    }
}
