package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** How fast a job of a daemon grows. Figures are renewed once a second, so that a rate is taken from those alone whose time is known. */
public final class Meter {
    private static final long MOMENT_NS = Duration.ofMillis(100).toNanos();
    private static final Duration SETTLES = Duration.ofSeconds(2);
    private static final Duration WINDOW = Duration.ofSeconds(4);
    private static final int MOST_WINDOWS = 9;
    private static final Mark NONE = new Mark(0, 0);

    private final TestDaemon daemon;
    private final Answer job;
    private final Looks looks = new Looks();

    /** Bytes that were there at a moment, as {@link System#nanoTime} tells it. */
    public record Mark(long nanos, long bytes) {
        public long bytesPerSecondSince(Mark earlier) {
            return (bytes - earlier.bytes) * 1_000_000_000L / (nanos - earlier.nanos);
        }

        public long nanosAfter(Duration time) {
            return nanos + time.toNanos();
        }
    }

    public Meter(TestDaemon daemon, Answer job) {
        this.daemon = daemon;
        this.job = job;
    }

    /**
     * After two seconds in which it may settle: the middle of three windows, since a disk that stands still for a moment spoils one, or two in opposite ways. One in
     * which this machine stood still does not count: nobody could look.
     */
    public long rate() {
        List<Long> rates = new ArrayList<>();
        Mark begin = next(next().nanosAfter(SETTLES));
        for (int i = 0; rates.size() < 3; i++) {
            assertThat(i)
                    .as("windows, in most of which this machine stood still")
                    .isLessThan(MOST_WINDOWS);
            looks.begin();
            Mark end = next(begin.nanosAfter(WINDOW));
            if (looks.wereSteady()) {
                rates.add(end.bytesPerSecondSince(begin));
            }
            begin = end;
        }
        return Intake.middle(rates);
    }

    /** The first figure that is new. */
    public Mark next() {
        return next(System.nanoTime());
    }

    /**
     * The first figure that is new and was seen after {@code nanos}. It counts only when the one before was seen a moment ago, else nobody knows how old it
     * is: on a busy machine an answer takes its time.
     */
    public Mark next(long nanos) {
        Mark[] last = {mark()};
        return Awaitility.await("bytes arrive")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> {
                            Mark before = last[0];
                            Mark now = mark();
                            last[0] = now;
                            boolean isFresh = now.bytes != before.bytes && now.nanos - before.nanos < MOMENT_NS;
                            return isFresh && now.nanos > nanos ? now : NONE;
                        },
                        mark -> !mark.equals(NONE));
    }

    /** Seen at the latest at that time. The last figure of all does not count: it comes when the job is done, and says what had not been counted yet. */
    private Mark mark() {
        Answer now = daemon.call("transfer.get", Map.of("name", "#" + job.number("id")));
        assertThat(now.text("state")).as("%s: what is over has no rate", now).isNotEqualTo("COMPLETE");
        looks.look();
        return new Mark(System.nanoTime(), now.number("doneBytes"));
    }
}
