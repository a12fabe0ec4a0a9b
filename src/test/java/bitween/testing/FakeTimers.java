package bitween.testing;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Time that passes when the test says so. */
public final class FakeTimers implements Timers {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private long now;
    private long count;

    @Override
    public Timer after(Duration delay, Mailbox mailbox, Runnable task) {
        return schedule(delay.toNanos(), null, mailbox, task);
    }

    @Override
    public Timer every(Duration period, Mailbox mailbox, Runnable task) {
        return schedule(period.toNanos(), period, mailbox, task);
    }

    /** The time that has passed. */
    public long nanoTime() {
        return now;
    }

    /** Lets time pass; what is due by then is put into its mailbox, in the order of time. */
    public void advance(Duration time) {
        long end = now + time.toNanos();
        for (Task next = tasks.peek(); next != null && next.due <= end; next = tasks.peek()) {
            tasks.remove();
            now = next.due;
            next.mailbox.execute(next.work);
            if (next.period != null) {
                tasks.add(new Task(now + next.period.toNanos(), next.number, next.period, next.mailbox, next.work));
            }
        }
        now = end;
    }

    private Timer schedule(long delay, @Nullable Duration period, Mailbox mailbox, Runnable work) {
        long number = count++;
        tasks.add(new Task(now + delay, number, period, mailbox, work));
        return () -> tasks.removeIf(task -> task.number == number);
    }

    private record Task(long due, long number, @Nullable Duration period, Mailbox mailbox, Runnable work) {}
}
