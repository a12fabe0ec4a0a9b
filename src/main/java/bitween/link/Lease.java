package bitween.link;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pooled buffer in the hands of one direction of a connection. One thread at a time is inside; anybody may end it. The buffer goes back as soon as it is
 * ended and nobody is inside: by whoever ends it, or by the last one to leave, so ending never waits.
 */
final class Lease {
    private final BufferPool pool;
    private final ReentrantLock inside = new ReentrantLock();
    private @Nullable ByteBuffer buffer; // guarded by inside
    private volatile boolean ended;

    Lease(BufferPool pool, ByteBuffer buffer) {
        this.pool = pool;
        this.buffer = buffer;
    }

    void enter() throws ClosedChannelException {
        inside.lock();
        if (ended) {
            inside.unlock();
            throw new ClosedChannelException();
        }
    }

    /** @return whether nobody was inside, and we are now; false also when it has ended */
    boolean enterIfEmpty() {
        if (!inside.tryLock()) {
            return false;
        }
        if (ended) {
            inside.unlock();
            return false;
        }
        return true;
    }

    void leave() {
        inside.unlock();
        if (ended) {
            giveBackIfEmpty();
        }
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
        giveBackIfEmpty();
    }

    /** Whoever fails to get in leaves it to the one who is inside, and who looks at {@code ended} after leaving. */
    private void giveBackIfEmpty() {
        if (inside.tryLock()) {
            try {
                if (buffer != null) {
                    pool.giveBack(buffer);
                    buffer = null;
                }
            } finally {
                inside.unlock();
            }
        }
    }
}
