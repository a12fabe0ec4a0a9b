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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares and friends that are paused while bytes move. */
@Tag("xmpp-server")
class PauseIT {
    private static final int BYTES = 12_000_000;
    private static final long SLOW = 1_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private Path film;
    private Answer share;

    @BeforeEach
    void alice_shares_a_film() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        film = Folders.file(directory.resolve("film.bin"), BYTES, 1);
        share = alice.share(film);
        bob.untilListed(alice, "film.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", SLOW));
    }

    private Answer underWay() {
        Answer job = bob.want("alice/film.bin");
        return bob.until("transfer.get", name(job), now -> now.number("doneBytes") > 0);
    }

    private static Map<String, String> name(Answer transfer) {
        return Map.of("name", "#" + transfer.text("id"));
    }

    /** It all comes, and is as it was. */
    private void assertComes(Answer job) {
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
    }

    @Test
    void a_share_that_is_paused_is_unavailable_to_friends_and_got_by_nobody_also_after_a_restart() {
        Answer job = underWay();

        assertThat(alice.call("transfer.pause", name(share)).text("state")).isEqualTo("PAUSED");

        bob.until(
                "ls",
                Map.of("path", alice.jid()),
                answer -> answer.views("shares").stream()
                        .flatMap(seen -> seen.views("devices").stream())
                        .anyMatch(device -> device.flag("unavailable")));
        Answer waiting =
                bob.until("transfer.get", name(job), now -> now.text("state").equals("WAITING_FOR_FRIEND"));
        assertThat(waiting.number("doneBytes")).isLessThan(BYTES);
        alice.stop();
        alice.start();
        assertThat(alice.call("transfer.get", name(share)).text("state")).isEqualTo("PAUSED");
        alice.untilOnline();

        alice.call("transfer.resume", name(share));
        bob.until(
                "ls",
                Map.of("path", alice.jid()),
                answer -> answer.views("shares").stream()
                        .flatMap(seen -> seen.views("devices").stream())
                        .noneMatch(device -> device.flag("unavailable")));
        assertComes(job);
    }

    @Test
    void a_job_that_is_paused_says_how_much_of_it_is_on_the_disk_also_after_restarts() {
        Answer job = underWay();
        bob.call("transfer.pause", name(job));
        Answer paused = bob.until(
                "transfer.get",
                name(job),
                now -> now.views("peers").isEmpty() && now.number("downloadBytesPerSecond") == 0);

        for (int restart = 0; restart < 2; restart++) {
            bob.stop();
            bob.start();
            Answer again = bob.call("transfer.get", name(job));
            assertThat(again.text("state")).isEqualTo("PAUSED");
            assertThat(again.number("doneBytes")).isPositive().isEqualTo(paused.number("doneBytes"));
        }

        bob.untilOnline();
        bob.call("transfer.resume", name(job));
        assertComes(job);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "bob"})
    void with_a_friend_who_is_paused_nothing_is_exchanged_whoever_says_so_until_the_end_of_it(String who) {
        Answer job = underWay();
        TestDaemon one = who.equals("alice") ? alice : bob;
        Map<String, String> other = Map.of("friend", who.equals("alice") ? "bob" : "alice");

        one.call("friend.pause", other);

        Answer still = bob.until(
                "transfer.get",
                name(job),
                now -> now.views("peers").isEmpty() && now.number("downloadBytesPerSecond") == 0);
        assertThat(still.number("doneBytes")).isLessThan(BYTES);
        one.stop();
        one.start();
        one.untilOnline();
        assertThat(one.call("friends").views("friends").stream().map(friend -> friend.flag("paused")))
                .containsExactly(true);
        bob.until(
                "ls",
                Map.of("path", alice.jid()),
                answer -> !answer.views("shares").isEmpty());
        Answer later =
                bob.until("transfer.get", name(job), now -> now.text("state").equals("WAITING_FOR_FRIEND"));
        assertThat(later.number("doneBytes")).isLessThan(BYTES);

        one.call("friend.resume", other);
        assertComes(job);
    }
}
