package bitween.link;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Holds bytes back to a rate, which may change at any time. Thread: any; a taker waits for its turn. */
final class TokenBucket {
    private final Tokens tokens;

    /** @param nanoTime {@link System#nanoTime}, or a test's */
    TokenBucket(LongSupplier nanoTime) {
        tokens = new Tokens(nanoTime);
    }

    /** @param limit bytes per second; 0 for none. Who waits now waits by the new rate. */
    synchronized void limit(long limit) {
        if (tokens.limit(limit)) {
            notifyAll();
        }
    }

    /** The most that should be taken at once, so that nobody waits long behind one block: of {@code wanted} bytes. */
    synchronized int portion(int wanted) {
        return tokens.portion(wanted);
    }

    /**
     * Takes {@code bytes}, after waiting until earlier ones are paid for.
     *
     * @param over asked at each {@link #wake}: once it is, nothing is taken and nobody waits
     * @throws InterruptedException when the waiting thread is asked to stop
     */
    synchronized void take(int bytes, BooleanSupplier over) throws InterruptedException {
        while (!tokens.isUnlimited() && !over.getAsBoolean()) {
            long waitNs = tokens.waitNs();
            if (waitNs == 0) {
                tokens.take(bytes);
                return;
            }
            wait(waitNs / 1_000_000, (int) (waitNs % 1_000_000));
        }
    }

    /** Who waits looks again whether it is over. */
    synchronized void wake() {
        notifyAll();
    }

    /** Whether the next taker has to wait. */
    synchronized boolean isInDebt() {
        return tokens.waitNs() > 0;
    }
}
