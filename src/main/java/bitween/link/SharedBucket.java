package bitween.link;

import bitween.model.Jid;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Holds what comes from all friends together, or goes there, to a rate, which may change at any time. Friends who want more than there is get the same each, however many connections they
 * have. Thread: any; a taker waits for its turn.
 */
final class SharedBucket {
    private final ReentrantLock lock = new ReentrantLock();
    private final Tokens tokens;
    private final FairQueue<Jid> queue = new FairQueue<>();
    private final Map<FairQueue.Place<Jid>, Condition> waiting = new HashMap<>();

    /** @param nanoTime {@link System#nanoTime}, or a test's */
    SharedBucket(LongSupplier nanoTime) {
        tokens = new Tokens(nanoTime);
    }

    /** @param limit bytes per second; 0 for none. Who waits now waits by the new rate. */
    void limit(long limit) {
        lock.lock();
        try {
            if (tokens.limit(limit)) {
                waiting.values().forEach(Condition::signal);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The most that should be taken at once, so that nobody waits long behind one block: of {@code wanted} bytes. */
    int portion(int wanted) {
        lock.lock();
        try {
            return tokens.portion(wanted);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes {@code bytes}, after waiting until earlier ones are paid for and it is the friend's turn.
     *
     * @param over asked at each {@link #wake}: once it is, nothing is taken and nobody waits
     * @throws InterruptedException when the waiting thread is asked to stop
     */
    void take(Jid friend, int bytes, BooleanSupplier over) throws InterruptedException {
        lock.lock();
        try {
            if (tokens.isUnlimited() || over.getAsBoolean()) {
                return;
            }
            FairQueue.Place<Jid> place = queue.enter(friend);
            Condition turn = lock.newCondition();
            waiting.put(place, turn);
            try {
                await(place, turn, bytes, over);
            } finally {
                waiting.remove(place);
                queue.leave(place);
                callNext();
            }
        } finally {
            lock.unlock();
        }
    }

    private void await(FairQueue.Place<Jid> place, Condition turn, int bytes, BooleanSupplier over)
            throws InterruptedException {
        while (!tokens.isUnlimited() && !over.getAsBoolean()) {
            if (queue.next().filter(place::equals).isEmpty()) {
                turn.await();
                continue;
            }
            long waitNs = tokens.waitNs();
            if (waitNs == 0) {
                tokens.take(bytes);
                queue.served(place, bytes);
                return;
            }
            long unused = turn.awaitNanos(waitNs);
        }
    }

    /** Whoever is first alone knows how long to wait. */
    private void callNext() {
        queue.next().map(waiting::get).ifPresent(Condition::signal);
    }

    /** Who waits looks again whether it is over. */
    void wake() {
        lock.lock();
        try {
            waiting.values().forEach(Condition::signal);
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
