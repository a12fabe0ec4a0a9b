package bitween.xmpp;

import org.jspecify.annotations.Nullable;

/** Waits that another thread may end, without its interrupt reaching anything else that the thread does later. */
final class Interruptible {
    private @Nullable Thread waiting;
    private boolean ended;

    /** @throws InterruptedException when {@link #end} was called, before or while {@code task} runs */
    void run(Task task) throws InterruptedException {
        synchronized (this) {
            if (ended) {
                throw new InterruptedException("ended before it began");
            }
            waiting = Thread.currentThread();
        }
        try {
            task.run();
        } finally {
            synchronized (this) {
                waiting = null;
                if (ended) {
                    Thread.interrupted(); // ours; nobody else shall see it
                }
            }
        }
    }

    /** For good. Any thread. */
    synchronized void end() {
        ended = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }
}
