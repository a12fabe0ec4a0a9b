package bitween.bus;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** A mailbox on a thread of its own. A task that throws is logged, and the thread lives on. */
public final class MailboxThread implements Mailbox, AutoCloseable {
    private static final Logger log = LogManager.getLogger(MailboxThread.class);
    /** Far above any burst seen (10,000 torrents announcing at once); reaching it means that a handler hangs. */
    static final int CAPACITY = 65_536;
    /** How long the queue may take to drain at the end, unless told otherwise. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private final BlockingQueue<Runnable> queue;
    private final Thread thread;
    private volatile boolean closed;

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
    public boolean isOwner() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        if (closed || !queue.offer(task)) {
            throw new RejectedExecutionException("the mailbox '" + name() + "' is " + (closed ? "closed" : "full"));
        }
    }

    private void run() {
        while (!closed || !queue.isEmpty()) {
            try {
                Runnable task = queue.poll(100, TimeUnit.MILLISECONDS);
                if (task != null) {
                    task.run();
                }
            } catch (InterruptedException e) {
                closed = true; // asked to leave without draining
                return;
            } catch (RuntimeException | AssertionError e) {
                log.error("{}: a task failed", name(), e);
            }
        }
    }

    /** Takes nothing new, runs what is queued, and ends within 3 s: what still runs then is interrupted. Idempotent; not for its own thread. */
    @Override
    public void close() {
        closed = true;
        if (isOwner()) {
            return; // nothing joins its caller; the thread ends by itself
        }
        try {
            thread.join(DRAIN.toMillis());
            if (thread.isAlive()) {
                log.warn(
                        "{} did not finish within {} s: {} tasks left, now at {}",
                        name(),
                        DRAIN.toSeconds(),
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
