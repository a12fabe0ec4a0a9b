package bitween.xmpp;

import bitween.model.BytePipe;
import bitween.model.Bytes;
import bitween.xmpp.stanza.InBandStanza;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream of bytes within stanzas (XEP-0047). Each direction has a few blocks on their way, which the other end acknowledges as it reads them: so
 * neither end holds more than these few, and who does not read holds the other back. How many depends on how fast they are acknowledged, as they share the server's
 * patience with presence and questions.
 *
 * <p>Thread: one reads and one writes, and only these two wait; everything else may be called from any and never blocks.
 */
final class InBandPipe implements BytePipe {
    /** Blocks that either end may have on their way; 32 KiB. */
    static final int MAX_WINDOW = 8;

    private static final int FIRST_WINDOW = 2;
    /** A block that is acknowledged so soon found the way free. */
    private static final long QUICK_NS = Duration.ofMillis(500).toNanos();
    /** One that took so long stood in a queue; then there is one at a time. */
    private static final long SLOW_NS = Duration.ofSeconds(2).toNanos();

    private static final int SEQUENCES = 65_536;

    private final Wire wire;
    private final Outflow outflow;
    private final LongSupplier nanoTime;
    private final String path;

    private final ReentrantLock lock = new ReentrantLock();
    /** Something below is another than before. */
    private final Condition changed = lock.newCondition();

    private final Deque<Block> arrived = new ArrayDeque<>();
    private int expected;
    private int next;
    private int unanswered;
    private int window = FIRST_WINDOW;
    private boolean endedThere;
    private boolean closedHere;
    /** Why it broke; null while it did not. */
    private @Nullable String broken;

    private long movedNs;
    /** Since when the other end owes an answer, if it does. */
    private long owedNs;

    /** How stanzas travel. */
    interface Wire {
        /**
         * Sends a block. Waits at most for room in the queue of what is to be sent.
         *
         * @param answered to be called once, on any thread: with null when the other end took it, else with what went wrong
         */
        void send(int sequence, Bytes block, Consumer<@Nullable String> answered);

        /** The stream is over at this end: nothing comes here any more, and the other end is told unless it knows. Never waits. */
        void over(boolean tell);
    }

    /** What becomes of a block that came. */
    enum Verdict {
        TAKEN,
        /** The stream is over. */
        LATE,
        OUT_OF_ORDER,
        MALFORMED,
        /** The other end does not wait for our acknowledgements. */
        TOO_MUCH
    }

    private record Block(ByteBuffer bytes, Runnable acknowledge) {}

    /**
     * @param outflow of all streams
     * @param path for people
     */
    InBandPipe(Wire wire, Outflow outflow, LongSupplier nanoTime, String path) {
        this.wire = wire;
        this.outflow = outflow;
        this.nanoTime = nanoTime;
        this.path = path;
        movedNs = nanoTime.getAsLong();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        Runnable acknowledge = null;
        int count;
        lock.lock();
        try {
            awaitWhile(arrived::isEmpty);
            if (arrived.isEmpty() || closedHere) {
                requireOpen();
                return -1;
            }
            ByteBuffer first = arrived.element().bytes;
            count = Math.min(first.remaining(), target.remaining());
            target.put(first.slice(first.position(), count));
            first.position(first.position() + count);
            if (!first.hasRemaining()) {
                acknowledge = arrived.remove().acknowledge;
            }
        } finally {
            lock.unlock();
        }
        if (acknowledge != null) {
            acknowledge.run();
        }
        return count;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            byte[] block = new byte[Math.min(source.remaining(), InBandStanza.MAX_BLOCK_BYTES)];
            int sequence = take(block.length);
            source.get(block);
            long sentNs = nanoTime.getAsLong();
            wire.send(sequence, Bytes.of(block), problem -> answered(problem, sentNs));
        }
    }

    /** Waits for a place on the way, and then for its turn among all streams. @return its number */
    private int take(int bytes) throws IOException {
        lock.lock();
        try {
            awaitWhile(() -> unanswered >= window);
            awaitTurn(outflow.take(bytes));
            requireOpen();
            if (endedThere) {
                throw new EOFException("the other end closed the stream");
            }
            if (unanswered++ == 0) {
                owedNs = nanoTime.getAsLong();
            }
            int sequence = next;
            next = (next + 1) % SEQUENCES;
            return sequence;
        } finally {
            lock.unlock();
        }
    }

    /** And while the stream goes on. */
    private void awaitWhile(BooleanSupplier wait) throws IOException {
        try {
            while (wait.getAsBoolean() && !endedThere && !closedHere && broken == null) {
                changed.await();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** And while the stream goes on. */
    private void awaitTurn(long waitNs) throws IOException {
        try {
            long until = nanoTime.getAsLong() + waitNs;
            for (long left = waitNs; left > 0 && !endedThere && !closedHere && broken == null; ) {
                long unused = changed.awaitNanos(left);
                left = until - nanoTime.getAsLong();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private ClosedByInterruptException interrupted() {
        close();
        Thread.currentThread().interrupt();
        return new ClosedByInterruptException();
    }

    private void requireOpen() throws IOException {
        if (closedHere) {
            throw new AsynchronousCloseException();
        }
        if (broken != null) {
            throw new IOException("the stream through the XMPP server broke: " + broken);
        }
    }

    private void answered(@Nullable String problem, long sentNs) {
        if (problem != null) {
            fail(problem, true);
            return;
        }
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            movedNs = now;
            owedNs = now;
            unanswered--;
            if (now - sentNs > SLOW_NS) {
                window = 1;
            } else if (now - sentNs < QUICK_NS) {
                window = Math.min(window + 1, MAX_WINDOW);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @param acknowledge run once the block is read, by the thread that reads */
    Verdict arrived(int sequence, Bytes block, Runnable acknowledge) {
        Verdict verdict;
        lock.lock();
        try {
            verdict = verdict(sequence, block);
            if (verdict == Verdict.TAKEN) {
                movedNs = nanoTime.getAsLong();
                expected = (expected + 1) % SEQUENCES;
                arrived.add(new Block(ByteBuffer.wrap(block.toArray()), acknowledge));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        switch (verdict) {
            case OUT_OF_ORDER -> fail("a block is missing", true);
            case MALFORMED -> fail("a block has no sense", true);
            case TOO_MUCH -> fail("the other end sends too much", true);
            case TAKEN, LATE -> {}
        }
        return verdict;
    }

    private Verdict verdict(int sequence, Bytes block) {
        if (closedHere || endedThere || broken != null) {
            return Verdict.LATE;
        } else if (block.size() == 0 || block.size() > InBandStanza.MAX_BLOCK_BYTES) {
            return Verdict.MALFORMED;
        } else if (sequence != expected) {
            return Verdict.OUT_OF_ORDER;
        }
        return arrived.size() >= MAX_WINDOW ? Verdict.TOO_MUCH : Verdict.TAKEN;
    }

    /** The other end has closed it: what came before is still read. */
    void endedThere() {
        change(() -> endedThere = true);
        wire.over(false);
    }

    /** It goes on no more. The first reason counts, and an end that was meant is one. */
    void fail(String reason, boolean tell) {
        change(() -> broken = broken == null && !endedThere ? reason : broken);
        wire.over(tell);
    }

    /** How long nothing has moved, either way. */
    Duration idle() {
        lock.lock();
        try {
            return Duration.ofNanos(nanoTime.getAsLong() - movedNs);
        } finally {
            lock.unlock();
        }
    }

    /** How long the other end has owed an answer. */
    Duration owed() {
        lock.lock();
        try {
            return unanswered == 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - owedNs);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        change(() -> {
            closedHere = true;
            arrived.clear();
        });
        wire.over(true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String toString() {
        return path;
    }
}
