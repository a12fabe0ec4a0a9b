package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.Progress;
import bitween.model.TransferId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongBiFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** How much has come to a daemon, of all its jobs, or gone from it, as it tells once a second. */
public final class Intake {
    private static final Duration SETTLES = Duration.ofSeconds(2);
    private static final int MOST_WINDOWS = 9;

    private final ToLongBiFunction<TransferId, Progress> counted;
    private volatile Mark last = new Mark(System.nanoTime(), 0);

    /** Bytes that were here at a moment, as {@link System#nanoTime} tells it. */
    public record Mark(long nanos, long bytes) {
        public long bytesPerSecondSince(Mark earlier) {
            return (bytes - earlier.bytes) * 1_000_000_000L / (nanos - earlier.nanos);
        }
    }

    private Intake(ToLongBiFunction<TransferId, Progress> counted) {
        this.counted = counted;
    }

    public static Intake of(TestDaemon daemon) {
        return of(daemon, (id, progress) -> progress.doneBytes());
    }

    /** @param counted what counts of each share or job */
    public static Intake of(TestDaemon daemon, ToLongBiFunction<TransferId, Progress> counted) {
        Intake intake = new Intake(counted);
        daemon.hears(TransfersProgressed.class, intake::heard);
        return intake;
    }

    private void heard(TransfersProgressed event) {
        long bytes = event.progress().entrySet().stream()
                .mapToLong(entry -> counted.applyAsLong(entry.getKey(), entry.getValue()))
                .sum();
        last = new Mark(System.nanoTime(), bytes);
    }

    /**
     * Of each at the same time, after two seconds in which it may settle: the middle of three windows, since a disk that stands still for a moment spoils one, or two
     * in opposite ways. One in which this machine stood still does not count.
     */
    public static List<Long> rates(List<Intake> intakes, Duration window) {
        Looks looks = new Looks();
        intakes.forEach(intake -> intake.pass(SETTLES, looks));
        List<List<Long>> windows = new ArrayList<>();
        for (int i = 0; windows.size() < 3; i++) {
            assertThat(i)
                    .as("windows, in most of which this machine stood still")
                    .isLessThan(MOST_WINDOWS);
            List<Mark> begin = intakes.stream().map(intake -> intake.last).toList();
            looks.begin();
            intakes.get(0).pass(window, looks);
            if (looks.wereSteady()) {
                windows.add(IntStream.range(0, begin.size())
                        .mapToObj(index -> intakes.get(index).last.bytesPerSecondSince(begin.get(index)))
                        .toList());
            }
        }
        return IntStream.range(0, intakes.size())
                .mapToObj(index ->
                        middle(windows.stream().map(rates -> rates.get(index)).toList()))
                .toList();
    }

    static long middle(List<Long> three) {
        return three.stream().sorted().toList().get(1);
    }

    /** Until it has told something so long after what it told last. */
    private void pass(Duration time, Looks looks) {
        long until = last.nanos + time.toNanos();
        Awaitility.await("bytes arrive")
                .atMost(time.plusSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    looks.look();
                    return last.nanos > until;
                });
    }
}
