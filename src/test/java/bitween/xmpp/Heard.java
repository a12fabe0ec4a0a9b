package bitween.xmpp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What happened, in order, for a test to wait for. */
final class Heard<T> {
    /** What never comes is rare; what comes takes milliseconds, or, first in its process on a machine with more to do, seconds. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();

    private final List<T> history = new CopyOnWriteArrayList<>();

    void add(T what) {
        history.add(what);
        queue.add(what);
    }

    /** Takes what was heard until the right one comes; what came before it is forgotten. */
    <U extends T> U await(Class<U> type, Predicate<? super U> right) {
        List<T> others = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            for (T next; (next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) != null; ) {
                if (type.isInstance(next) && right.test(type.cast(next))) {
                    return type.cast(next);
                }
                others.add(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("no " + type.getSimpleName() + " of that kind; heard only " + others);
    }

    /** All that was ever heard. */
    List<T> all() {
        return List.copyOf(history);
    }
}
