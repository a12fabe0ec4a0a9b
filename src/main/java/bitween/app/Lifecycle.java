package bitween.app;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What was opened in order is closed in reverse, each part with a deadline; who overruns is named in the log.
 *
 * <p>Thread: parts are opened by the thread that starts the daemon and closed by the one {@code lifecycle} thread, which nothing joins but {@link
 * #awaitEnd}. {@link #requestShutdown} may be called from any thread, also by a part that is being closed: it only sets a flag and wakes that thread. A
 * start that is under way then is given up at its next part, and nothing is closed before that: what is opened later would stay open.
 */
public final class Lifecycle {
    private static final Logger log = LogManager.getLogger(Lifecycle.class);
    /** After twice the time that a clean stop may take, nothing good comes any more. */
    private static final int WATCHDOG_FACTOR = 2;
    /** What a machine that is put to sleep meanwhile takes of a deadline at most. */
    private static final long STEP_MS = 100;

    private final Duration stopTimeout;
    private final Runnable halt;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final List<Runnable> atOnce = new CopyOnWriteArrayList<>();
    private final CountDownLatch shutdownRequested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Held by the start, then by the stop. */
    private final Semaphore turn = new Semaphore(1);

    private final AtomicBoolean requested = new AtomicBoolean();
    private final List<String> overran = new ArrayList<>();

    private record Part(String name, Duration deadline, AutoCloseable closeable) {}

    /**
     * @param stopTimeout how long a clean stop may take in all
     * @param halt ends the process at once; called by the watchdog when the stop takes twice that long
     */
    public Lifecycle(Duration stopTimeout, Runnable halt) {
        this.stopTimeout = stopTimeout;
        this.halt = halt;
    }

    /** How long after it was asked for a stop is over at the latest, clean or not. */
    public Duration longestStop() {
        return stopTimeout.multipliedBy(WATCHDOG_FACTOR);
    }

    /** Starts the thread that waits for {@link #requestShutdown}. */
    public void start() {
        daemonThread("lifecycle", this::run).start();
    }

    /**
     * Runs the start, which opens parts.
     *
     * @throws StartGivenUp when the stop was asked for meanwhile; what was opened is being closed
     */
    public <T> T starting(Supplier<T> start) {
        turn.acquireUninterruptibly();
        try {
            return start.get();
        } finally {
            turn.release();
        }
    }

    /**
     * Notes a part that was just opened; it may take {@code deadline} to close.
     *
     * @throws StartGivenUp when the stop was asked for: there is no use in opening more
     */
    public synchronized <T extends AutoCloseable> T opened(String name, Duration deadline, T part) {
        parts.push(new Part(name, deadline, part));
        log.debug("{} is open", name);
        if (isStopping()) {
            throw new StartGivenUp();
        }
        return part;
    }

    /** Is run as soon as the stop is asked for, before a start that is under way has ended. It must not block. */
    void atOnce(Runnable task) {
        atOnce.add(task);
    }

    /** The start ends here because the stop was asked for. */
    public static final class StartGivenUp extends RuntimeException {
        private StartGivenUp() {
            super("the stop was asked for during the start");
        }
    }

    /** Asks for the stop and returns at once. Any thread; again and again. */
    public void requestShutdown(String who) {
        if (requested.compareAndSet(false, true)) {
            log.info("stopping: {}", who);
        }
        shutdownRequested.countDown();
    }

    public boolean isStopping() {
        return requested.get();
    }

    /** Waits until everything is closed. Not for threads that a part waits for. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void run() {
        try {
            shutdownRequested.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Thread watchdog = daemonThread("watchdog", this::watch);
        watchdog.start();
        atOnce.forEach(Runnable::run);
        turn.acquireUninterruptibly(); // a start that hangs is the watchdog's business
        closeAll();
        ended.countDown();
    }

    /** Closes what is open, newest first. Also for a start that failed half-way. */
    void closeAll() {
        long begin = System.nanoTime();
        for (Part part = next(); part != null; part = next()) {
            close(part);
        }
        log.info("stopped in {} ms{}", millisSince(begin), overran.isEmpty() ? "" : "; overran: " + overran);
    }

    private synchronized @Nullable Part next() {
        return parts.poll();
    }

    private void close(Part part) {
        long begin = System.nanoTime();
        Thread closer = daemonThread("close-" + part.name, () -> {
            try {
                part.closeable.close();
            } catch (Exception e) {
                log.error("{} did not close cleanly: {}", part.name, e.getMessage(), e);
            }
        });
        closer.start();
        boolean closed = false;
        try {
            closed = comes(part.deadline, stepMs -> {
                closer.join(stepMs);
                return !closer.isAlive();
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!closed) {
            overran.add(part.name);
            log.error("{} did not close within {} ms; it is at {}", part.name, part.deadline.toMillis(), top(closer));
        } else {
            log.debug("{} closed in {} ms", part.name, millisSince(begin));
        }
    }

    private void watch() {
        try {
            if (!comes(longestStop(), stepMs -> ended.await(stepMs, TimeUnit.MILLISECONDS))) {
                log.fatal("the stop hangs; ending at once");
                halt.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that is waited for. */
    @FunctionalInterface
    private interface End {
        boolean comesWithin(long stepMs) throws InterruptedException;
    }

    /** Counted in steps: while the whole process stands still nobody could have come to an end. */
    private static boolean comes(Duration limit, End end) throws InterruptedException {
        long leftMs = limit.toMillis();
        while (leftMs > 0) {
            long stepMs = Math.min(leftMs, STEP_MS);
            if (end.comesWithin(stepMs)) {
                return true;
            }
            leftMs -= stepMs;
        }
        return false;
    }

    private static String top(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "its end" : stack[0].toString();
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static Thread daemonThread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
