package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A friend's rate, changed while bytes move. */
class RatesIT {
    private static final long LIMIT = 4_000_000;
    private static final Percentage FIVE = Percentage.withPercentage(5);

    private static final long MOMENT_NS = Duration.ofMillis(100).toNanos();
    private static final Mark NONE = new Mark(0, 0);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;

    /** Bytes that were there at a moment. */
    private record Mark(long nanos, long bytes) {
        long bytesPerSecondSince(Mark earlier) {
            return (bytes - earlier.bytes) * 1_000_000_000L / (nanos - earlier.nanos);
        }
    }

    @BeforeEach
    void two_friends() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
    }

    @Test
    void a_running_transfer_keeps_to_a_limit_from_the_moment_it_is_said_until_it_is_taken_away() throws IOException {
        Path file = Folders.file(directory.resolve("film.bin"), 80_000_000, 1);
        alice.share(file);
        bob.untilListed(alice, "film.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_000_000));
        Answer job = bob.want("alice/film.bin");
        next(job, 0);

        bob.call("friend.limit", Map.of("friend", "alice", "down", LIMIT));
        long down = rateOf(job);
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        alice.call("friend.limit", Map.of("friend", "bob", "up", LIMIT / 2));
        long up = rateOf(job);
        alice.call("friend.limit", Map.of("friend", "bob", "up", 0));
        long begin = System.nanoTime();
        Answer done = bob.settled(job);
        Duration rest = Duration.ofNanos(System.nanoTime() - begin);

        assertThat(down).isCloseTo(LIMIT, FIVE);
        assertThat(up).isCloseTo(LIMIT / 2, FIVE);
        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(rest).isLessThan(Duration.ofSeconds(8)); // some 40 MB, which would take 10 s and 20 s
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(file);
        assertThat(bob.call("status").views("limits")).isEmpty();
    }

    /** Over six seconds, after two in which it may settle. */
    private long rateOf(Answer job) {
        Mark said = next(job, 0);
        Mark settled = next(job, said.nanos + Duration.ofSeconds(2).toNanos());
        return next(job, settled.nanos + Duration.ofSeconds(6).toNanos()).bytesPerSecondSince(settled);
    }

    /**
     * The first figure that is new and was seen after {@code nanos}. Figures are renewed once a second; one counts only when the one before was seen a moment
     * ago, else nobody knows how old it is: on a busy machine an answer takes its time.
     */
    private Mark next(Answer job, long nanos) {
        Mark[] last = {mark(job)};
        return Awaitility.await("bytes arrive")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> {
                            Mark before = last[0];
                            Mark now = mark(job);
                            last[0] = now;
                            boolean isFresh = now.bytes != before.bytes && now.nanos - before.nanos < MOMENT_NS;
                            return isFresh && (nanos == 0 || now.nanos > nanos) ? now : NONE;
                        },
                        mark -> !mark.equals(NONE));
    }

    /** Seen at the latest at that time. */
    private Mark mark(Answer job) {
        long bytes = done(job);
        return new Mark(System.nanoTime(), bytes);
    }

    private long done(Answer job) {
        return bob.call("transfer.get", Map.of("name", "#" + job.number("id"))).number("doneBytes");
    }
}
