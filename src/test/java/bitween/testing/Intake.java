package bitween.testing;

import bitween.message.TorrentEvent.TransfersProgressed;
import java.time.Duration;
import org.awaitility.Awaitility;

/** How much has come to a daemon, of all its jobs, as it tells once a second. */
public final class Intake {
    private volatile Mark last = new Mark(System.nanoTime(), 0);

    /** Bytes that were here at a moment, as {@link System#nanoTime} tells it. */
    public record Mark(long nanos, long bytes) {
        public long bytesPerSecondSince(Mark earlier) {
            return (bytes - earlier.bytes) * 1_000_000_000L / (nanos - earlier.nanos);
        }
    }

    private Intake() {}

    public static Intake of(TestDaemon daemon) {
        Intake intake = new Intake();
        daemon.hears(TransfersProgressed.class, intake::heard);
        return intake;
    }

    private void heard(TransfersProgressed event) {
        long bytes = event.progress().values().stream()
                .mapToLong(progress -> progress.doneBytes())
                .sum();
        last = new Mark(System.nanoTime(), bytes);
    }

    public Mark last() {
        return last;
    }

    /** Until it has told something so long after what it told last. */
    public void pass(Duration time) {
        long until = last.nanos + time.toNanos();
        Awaitility.await("bytes arrive")
                .atMost(time.plusSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> last.nanos > until);
    }
}
