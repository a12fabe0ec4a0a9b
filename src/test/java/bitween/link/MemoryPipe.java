package bitween.link;

import bitween.model.BytePipe;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One end of a pipe within this process. The other end of {@link #pair} has what is written here, as far as it holds; then writing waits. */
final class MemoryPipe implements BytePipe {
    private final Direction in;
    private final Direction out;

    private MemoryPipe(Direction in, Direction out) {
        this.in = in;
        this.out = out;
    }

    /** @param capacity how many bytes each direction holds */
    static MemoryPipe[] pair(int capacity) {
        Direction there = new Direction(capacity);
        Direction back = new Direction(capacity);
        return new MemoryPipe[] {new MemoryPipe(back, there), new MemoryPipe(there, back)};
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return in.read(target);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        out.write(source);
    }

    /** The other end still gets so many of the bytes that are on their way, and then the end. */
    void cutAfter(int bytes) {
        out.cutAfter(bytes);
    }

    @Override
    public void close() {
        in.abandon();
        out.end();
        out.abandonWriter();
    }

    boolean isClosed() {
        return in.isAbandoned();
    }

    @Override
    public String path() {
        return "memory";
    }

    private static final class Direction {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ByteBuffer held;
        private boolean ended;
        private boolean abandoned;
        private boolean writerGone;

        Direction(int capacity) {
            held = ByteBuffer.allocate(capacity);
        }

        int read(ByteBuffer target) throws IOException {
            lock.lock();
            try {
                while (held.position() == 0 && !ended && !abandoned) {
                    changed.awaitUninterruptibly();
                }
                if (abandoned) {
                    throw new AsynchronousCloseException();
                }
                if (held.position() == 0) {
                    return -1;
                }
                held.flip();
                int count = move(held, target);
                held.compact();
                changed.signalAll();
                return count;
            } finally {
                lock.unlock();
            }
        }

        void write(ByteBuffer source) throws IOException {
            lock.lock();
            try {
                while (source.hasRemaining()) {
                    while (!held.hasRemaining() && !writerGone && !abandoned) {
                        changed.awaitUninterruptibly();
                    }
                    if (writerGone) {
                        throw new AsynchronousCloseException();
                    }
                    if (abandoned) {
                        throw new EOFException("nobody reads any more");
                    }
                    move(source, held);
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        private static int move(ByteBuffer from, ByteBuffer to) {
            int count = Math.min(from.remaining(), to.remaining());
            to.put(from.duplicate().limit(from.position() + count));
            from.position(from.position() + count);
            return count;
        }

        void end() {
            change(() -> ended = true);
        }

        void cutAfter(int bytes) {
            change(() -> {
                held.position(Math.min(held.position(), bytes));
                ended = true;
            });
        }

        void abandon() {
            change(() -> abandoned = true);
        }

        void abandonWriter() {
            change(() -> writerGone = true);
        }

        boolean isAbandoned() {
            lock.lock();
            try {
                return abandoned;
            } finally {
                lock.unlock();
            }
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
    }
}
