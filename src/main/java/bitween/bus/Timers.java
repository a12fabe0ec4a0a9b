package bitween.bus;

import java.time.Duration;

/** Delayed tasks on monotonic time: jumps of the wall clock do not matter. Tasks run on the mailbox that is named, never on the timer's thread. */
public interface Timers {
    /** Runs {@code task} once, on {@code mailbox}, after {@code delay}. */
    Timer after(Duration delay, Mailbox mailbox, Runnable task);

    /** Runs {@code task} on {@code mailbox} each {@code period}, first after one period. */
    Timer every(Duration period, Mailbox mailbox, Runnable task);

    /** A task that has not run yet, or runs again and again. */
    interface Timer {
        /** Idempotent. A task that is already in its mailbox still runs. */
        void cancel();
    }
}
