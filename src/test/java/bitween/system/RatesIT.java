package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.ConfigFile;
import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.Meter;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A friend's rate, that of all, and that of one share or job, changed while bytes move. */
@Tag("alone")
class RatesIT {
    private static final long LIMIT = 4_000_000;

    /** Of which some 100 MB come while rates are taken; more than that, since a busy machine takes its time over each step. */
    private static final int FILM = 220_000_000;

    private static final Percentage FIVE = Percentage.withPercentage(5);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
    }

    @Test
    void a_running_transfer_keeps_to_a_limit_from_the_moment_it_is_said_until_it_is_taken_away() throws IOException {
        Path file = Folders.file(directory.resolve("film.bin"), FILM, 1);
        alice.share(file);
        bob.untilListed(alice, "film.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_000_000));
        Answer job = bob.want("alice/film.bin");
        Meter meter = new Meter(bob, job);
        meter.next();

        bob.call("friend.limit", Map.of("friend", "alice", "down", LIMIT));
        long down = meter.rate();
        alice.call(
                "friend.limit",
                Map.of("friend", "bob", "up", LIMIT / 2)); // first, else much would come between the two
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        long up = meter.rate();
        Meter.Mark begin = meter.next();
        alice.call("friend.limit", Map.of("friend", "bob", "up", 0));
        Answer done = bob.settled(job);
        long rest = new Meter.Mark(System.nanoTime(), FILM).bytesPerSecondSince(begin);

        assertThat(down).isCloseTo(LIMIT, FIVE);
        assertThat(up).isCloseTo(LIMIT / 2, FIVE);
        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(rest).isGreaterThan(LIMIT * 3 / 2);
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(file);
        assertThat(bob.call("status").views("limits")).isEmpty();
    }

    @Test
    void a_running_transfer_keeps_to_a_limit_for_all_two_seconds_after_it_was_said() throws IOException {
        alice.share(Folders.file(directory.resolve("film.bin"), FILM, 1));
        bob.untilListed(alice, "film.bin");
        limitAll(bob, "download", LIMIT / 4);
        Answer job = bob.want("alice/film.bin");
        Meter meter = new Meter(bob, job);
        meter.next();

        limitAll(bob, "download", LIMIT);
        long down = meter.rate();
        limitAll(alice, "upload", LIMIT / 2); // first, else much would come between the two
        limitAll(bob, "download", 0); // else what had been held back on the way would come at that rate for a while
        long up = meter.rate();
        limitAll(alice, "upload", 0);

        assertThat(down).isCloseTo(LIMIT, FIVE);
        assertThat(up).isCloseTo(LIMIT / 2, FIVE);
        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
    }

    private void limitAll(TestDaemon daemon, String way, long bytesPerSecond) {
        ConfigFile.set(daemon.home(), directory, "network." + way + "_bytes_per_second", bytesPerSecond);
        daemon.call("config.reload");
    }

    @Test
    void a_job_and_a_share_keep_to_limits_of_their_own_over_a_restart_while_others_do_not() throws IOException {
        alice.share(Folders.file(directory.resolve("film.bin"), 320_000_000, 1));
        alice.share(Folders.file(directory.resolve("song.bin"), 20_000_000, 2));
        bob.untilListed(alice, "song.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_000_000));
        Answer job = bob.want("alice/film.bin");
        Meter meter = new Meter(bob, job);
        meter.next();
        bob.call("limit", Map.of("name", "film.bin", "down", LIMIT));
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));

        long down = meter.rate();
        assertThat(bob.get("alice/song.bin").text("state")).isEqualTo("COMPLETE");
        bob.call("limit", Map.of("name", "film.bin", "down", LIMIT * 2));
        alice.call("limit", Map.of("name", "film.bin", "up", LIMIT / 2));
        long up = meter.rate();
        alice.stop();
        alice.start();
        long later = meter.rate();
        alice.call("limit", Map.of("name", "film.bin", "up", 0));
        bob.call("limit", Map.of("name", "film.bin", "down", 0));

        assertThat(down).isCloseTo(LIMIT, FIVE);
        assertThat(up).isCloseTo(LIMIT / 2, FIVE);
        assertThat(later).isCloseTo(LIMIT / 2, FIVE);
        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
    }

    @Test
    void what_comes_from_and_goes_to_each_friend_adds_up_to_the_whole() throws IOException {
        alice.share(Folders.file(directory.resolve("film.bin"), 80_000_000, 1));
        bob.untilListed(alice, "film.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_000_000));
        bob.want("alice/film.bin");

        Answer got = bob.until("status", Map.of(), status -> rates(status, "down") > 500_000);
        Answer sent = alice.until("status", Map.of(), status -> rates(status, "up") > 500_000);

        assertThat(friends(got, "down")).isCloseTo(rates(got, "down"), FIVE);
        assertThat(friends(sent, "up")).isCloseTo(rates(sent, "up"), FIVE);
        assertThat(got.view("rates").views("friends").get(0).text("jid")).isEqualTo(alice.jid());
    }

    private static long rates(Answer status, String way) {
        return status.view("rates").number(way);
    }

    private static long friends(Answer status, String way) {
        return status.view("rates").views("friends").stream()
                .mapToLong(friend -> friend.number(way))
                .sum();
    }
}
