package bitween.link;

import bitween.model.Device;
import bitween.model.LinkPath;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated, encrypted stream of bytes to a friend's device: whoever holds one has seen the device prove its key. Thread: one reads, one writes;
 * {@link #close} from any, and both then fail.
 *
 * @param dialled whether we did
 */
record Link(Device device, LinkPath path, boolean dialled, SecureChannel channel) implements AutoCloseable {
    /** Which address of ours it leaves from; null when there is none. */
    @Nullable
    InetAddress local() {
        return channel.pipe() instanceof TcpPipe tcp ? tcp.local() : null;
    }

    /** @return how many bytes were put into {@code into}, at least one unless it is full; negative at the end */
    int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    /**
     * Fills {@code into} and flips it.
     *
     * @return false when the stream ended before the first byte
     * @throws EOFException when it ended in the middle
     */
    boolean fill(ByteBuffer into) throws IOException {
        int before = into.position();
        while (into.hasRemaining()) {
            if (read(into) < 0) {
                if (into.position() == before) {
                    return false;
                }
                throw new EOFException("ended in the middle of a message");
            }
        }
        into.flip();
        return true;
    }

    /** Sends all of {@code bytes}; waits while the other side does not read. */
    void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
    }

    @Override
    public void close() {
        channel.close();
    }
}
