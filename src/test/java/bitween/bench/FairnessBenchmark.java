package bitween.bench;

import bitween.config.Homes;
import bitween.control.client.ControlClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * {@code FairnessBenchmark RUNS SECONDS HOME...}: how many bytes a second come to the jobs of each daemon, which runs and gets something. Prints a line for each
 * run, of SECONDS each, one after the other.
 */
public final class FairnessBenchmark {
    private static final long SETTLED_SECONDS = 3;
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private FairnessBenchmark() {}

    /** Bytes that were here at a moment. */
    private record Mark(long nanos, long bytes) {
        long bytesPerSecondSince(Mark earlier) {
            return (bytes - earlier.bytes) * TimeUnit.SECONDS.toNanos(1) / (nanos - earlier.nanos);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        List<ControlClient> friends = Stream.of(arguments)
                .skip(2)
                .map(Path::of)
                .map(home -> ControlClient.connect(Homes.resolve(home, Map.of(), home)))
                .toList();
        List<Mark> begin = marks(friends, 0);
        begin = marks(friends, begin.get(0).nanos + TimeUnit.SECONDS.toNanos(SETTLED_SECONDS));
        for (int run = 0; run < Integer.parseInt(arguments[0]); run++) {
            long until = begin.get(0).nanos + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
            List<Mark> end = marks(friends, until);
            List<String> rates = new ArrayList<>();
            for (int friend = 0; friend < friends.size(); friend++) {
                rates.add(String.valueOf(end.get(friend).bytesPerSecondSince(begin.get(friend))));
            }
            System.out.println(String.join(" ", rates));
            begin = end;
        }
        friends.forEach(ControlClient::close);
    }

    /** The first that are new after that time: figures are renewed once a second. */
    private static List<Mark> marks(List<ControlClient> friends, long afterNanos) throws InterruptedException {
        while (System.nanoTime() < afterNanos) {
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
        List<Mark> marks = new ArrayList<>();
        for (ControlClient friend : friends) {
            long before = done(friend);
            Mark now = new Mark(System.nanoTime(), before);
            while (now.bytes == before) {
                LockSupport.parkNanos(LOOK_AGAIN_NS);
                now = new Mark(System.nanoTime(), done(friend));
            }
            marks.add(now);
        }
        return marks;
    }

    private static long done(ControlClient friend) throws InterruptedException {
        return friend.call("jobs").views("jobs").stream()
                .mapToLong(job -> job.number("doneBytes"))
                .sum();
    }
}
