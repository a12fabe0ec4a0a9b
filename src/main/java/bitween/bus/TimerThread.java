package bitween.bus;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The {@code timer} thread. */
public final class TimerThread implements Timers, AutoCloseable {
    private static final Logger log = LogManager.getLogger(TimerThread.class);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "timer");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public Timer after(Duration delay, Mailbox mailbox, Runnable task) {
        ScheduledFuture<?> future =
                scheduler.schedule(() -> hand(mailbox, task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Timer every(Duration period, Mailbox mailbox, Runnable task) {
        ScheduledFuture<?> future = scheduler.scheduleWithFixedDelay(
                () -> hand(mailbox, task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private static void hand(Mailbox mailbox, Runnable task) {
        try {
            mailbox.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug(
                    "a timer found no room: {}", e.getMessage()); // closing, or a hang that the mailbox itself reports
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
