package bitween.events;

import bitween.events.Happening.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The last happenings, for any number of readers, each at its own pace. Thread: any; a reader waits, who adds never does. */
public final class EventLog {
    /** A start with a thousand shares, and a busy hour. */
    public static final int CAPACITY = 4_096;

    private final Clock clock;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final ArrayDeque<Happening> last = new ArrayDeque<>();
    private long next = 1;

    public EventLog(Clock clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    /**
     * Some that happened.
     *
     * @param happenings in their order
     * @param next what to ask for then
     * @param missed how many there were that are not kept any more
     */
    public record Page(List<Happening> happenings, long next, long missed) {}

    Happening add(Kind kind, Map<String, @Nullable Object> details) {
        lock.lock();
        try {
            Happening added = new Happening(next++, clock.instant(), kind, details);
            last.addLast(added);
            if (last.size() > capacity) {
                last.removeFirst();
            }
            more.signalAll();
            return added;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What happened, from a number on.
     *
     * @param from beyond all that happened: what happens next, as the numbers of an earlier run say nothing
     * @param patience how long to wait for the first
     */
    public Page from(long from, int limit, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            long first = Math.min(from, next);
            while (next <= first && left > 0) {
                left = more.awaitNanos(left);
            }
            long oldest = next - last.size();
            List<Happening> found = last.stream()
                    .filter(happening -> happening.number() >= first)
                    .limit(limit)
                    .toList();
            long after = found.isEmpty() ? first : found.get(found.size() - 1).number() + 1;
            return new Page(found, after, Math.max(0, oldest - first));
        } finally {
            lock.unlock();
        }
    }
}
