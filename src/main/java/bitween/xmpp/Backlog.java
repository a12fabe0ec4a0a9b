package bitween.xmpp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many stanzas wait to be written. Smack has room for 500, and whoever sends one more waits for a server that reads slowly. Thread: any. */
final class Backlog {
    /** Who never waits gets no room beyond; the rest is for those who may, and for what Smack itself has to say. */
    static final int FULL = 400;

    private int waiting;

    synchronized void added() {
        waiting++;
    }

    synchronized void removed() {
        waiting--;
        notifyAll();
    }

    synchronized boolean hasRoom() {
        return waiting < FULL;
    }

    /** @return false when there was no room for all that time */
    synchronized boolean awaitRoom(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (waiting >= FULL) {
            long leftNs = until - System.nanoTime();
            if (leftNs <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        }
        return true;
    }
}
