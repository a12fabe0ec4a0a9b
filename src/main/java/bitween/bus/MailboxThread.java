package bitween.bus;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** A mailbox on a thread of its own. A task that throws is logged, and the thread lives on. */
public final class MailboxThread implements Mailbox, AutoCloseable {
    private static final Logger log = LogManager.getLogger(MailboxThread.class);
    /** Far above any burst seen (10,000 torrents announcing at once); reaching it means that a handler hangs. */
    static final int CAPACITY = 65_536;
    /** How long the queue may take to drain at the end: less than the 2 s that whoever closes it waits. */
    private static final Duration DRAIN = Duration.ofMillis(1_500);

    private final BlockingQueue<Runnable> queue;
    private final Thread thread;
    private volatile boolean closed;
    /** Nothing in the queue will be run any more. */
    private volatile boolean ended;

    private MailboxThread(String name, int capacity) {
        queue = new ArrayBlockingQueue<>(capacity);
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public static MailboxThread start(String name) {
        return start(name, CAPACITY);
    }

    public static MailboxThread start(String name, int capacity) {
        var mailbox = new MailboxThread(name, capacity);
        mailbox.thread.start();
        return mailbox;
    }

    @Override
    public String name() {
        return thread.getName();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isOwner() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        log.trace("one more for {}", thread.getName());
        boolean refused = closed && !isOwner(); // what it says to itself belongs to what it is finishing
        if (refused || !queue.offer(task)) {
            throw new RejectedExecutionException("the mailbox '" + name() + "' is " + (closed ? "closed" : "full"));
        }
        if (ended && queue.remove(task)) { // the thread took its last look before this came
            throw new RejectedExecutionException("the mailbox '" + name() + "' is closed");
        }
    }

    private void run() {
        boolean interrupted = false;
        try {
            for (Runnable task = next(); task != null; task = next()) {
                runSafely(task);
            }
        } catch (InterruptedException e) {
            closed = true;
            interrupted = true; // asked to leave without draining
        }
        ended = true;
        for (Runnable task = queue.poll(); task != null && !interrupted; task = queue.poll()) {
            runSafely(task); // offered before anybody could see the end
        }
    }

    /** @return null at the end */
    private @Nullable Runnable next() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("during a task");
        }
        return closed ? queue.poll() : queue.take();
    }

    /** An Error, too, is one task's: a component without its thread would be a daemon that answers nothing and does not say so. */
    private void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("{}: a task failed", name(), e);
        }
    }

    /** Takes nothing new, runs what is queued, and ends within 1.5 s: what still runs then is interrupted. Idempotent; not for its own thread. */
    @Override
    public void close() {
        closed = true;
        if (isOwner()) {
            return; // nothing joins its caller; the thread ends by itself
        }
        var unused = queue.offer(() -> {}); // wakes a thread that waits; one that does not will look
        try {
            thread.join(DRAIN.toMillis());
            if (thread.isAlive()) {
                log.warn(
                        "{} did not finish within {} ms: {} tasks left, now at {}",
                        name(),
                        DRAIN.toMillis(),
                        queue.size(),
                        topOf(thread));
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private static String topOf(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "its end" : stack[0].toString();
    }
}
