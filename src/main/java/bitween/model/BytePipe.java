package bitween.model;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A stream of bytes to one other place and back, whatever carries it. Blocking: at most one thread reads and one writes, both at the same time if they
 * like. It lets rooms hand streams to each other that must not know each other.
 */
public interface BytePipe extends AutoCloseable {
    /**
     * Waits for bytes and takes as many as are there and have room.
     *
     * @return how many; 0 only when {@code target} is full; -1 when the other end has ended the stream
     * @throws IOException when the stream broke off; {@link java.nio.channels.ClosedChannelException} when it was closed here
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Hands on all that remains in {@code source}; waits as long as the other end takes nothing, which is all the backpressure there is.
     *
     * @throws IOException as {@link #read}
     */
    void write(ByteBuffer source) throws IOException;

    /** Ends it in both directions; who reads or writes gets an exception. From any thread, any number of times, without waiting for anybody. */
    @Override
    void close();

    /** @return the way it takes, for people: {@code direct 192.0.2.7:4711} */
    String path();
}
