package bitween.link;

import bitween.model.Device;
import bitween.model.LinkPath;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated, encrypted stream of bytes to a friend's device: whoever holds one has seen the device prove its key. Whether it takes us for a friend's, too,
 * whoever dialled knows only once something came: TLS 1.3 is ready at this end before the other has looked at our key. Thread: one reads, one writes;
 * {@link #close} from any, and both then fail.
 *
 * @param dialled whether we did
 * @param heard called, maybe often, when something came; must not block
 */
record Link(Device device, LinkPath path, boolean dialled, SecureChannel channel, Runnable heard)
        implements AutoCloseable {
    Link(Device device, LinkPath path, boolean dialled, SecureChannel channel) {
        this(device, path, dialled, channel, () -> {});
    }

    /** Which address of ours it leaves from; null when there is none. */
    @Nullable
    InetAddress local() {
        return channel.pipe() instanceof TcpPipe tcp ? tcp.local() : null;
    }

    /** @return how many bytes were put into {@code into}, at least one unless it is full; negative at the end */
    int read(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        if (count > 0) {
            heard.run();
        }
        return count;
    }

    /**
     * Fills {@code into} and flips it.
     *
     * @param heard called whenever bytes came
     * @return false when the stream ended before the first byte
     * @throws EOFException when it ended in the middle
     */
    boolean fill(ByteBuffer into, Runnable heard) throws IOException {
        int before = into.position();
        while (into.hasRemaining()) {
            if (read(into) < 0) {
                if (into.position() == before) {
                    return false;
                }
                throw new EOFException("ended in the middle of a message");
            }
            heard.run();
        }
        into.flip();
        return true;
    }

    /** As above, where nobody listens. */
    boolean fill(ByteBuffer into) throws IOException {
        return fill(into, () -> {});
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
