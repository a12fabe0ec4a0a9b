package bitween.link;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What every connection of ours has in common. */
final class Sockets {
    private static final Logger log = LogManager.getLogger(Sockets.class);
    /** A path that died without a word is noticed within half a minute. */
    private static final int IDLE_SECONDS = 15;

    private static final int PROBE_SECONDS = 5;
    private static final int PROBES = 3;

    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private Sockets() {}

    /** Blocking, without delay for small messages, and looking whether the other end is still there. */
    static SocketChannel prepared(SocketChannel channel) throws IOException {
        channel.configureBlocking(true);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
        set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_SECONDS);
        set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        return channel;
    }

    private static void set(SocketChannel channel, SocketOption<Integer> option, int value) throws IOException {
        if (channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
    }

    /**
     * Takes who stands at the door. When the system has nothing left to take somebody with, such as file descriptors, this waits a moment: the selector would
     * name the door again at once, and again.
     *
     * @return null when nobody is there any more, or could be taken
     * @throws ClosedChannelException when the door was closed
     */
    static @Nullable SocketChannel accept(ServerSocketChannel door) throws ClosedChannelException {
        try {
            return door.accept();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            log.warn("nobody can be let in now: {}", e.getMessage());
            LockSupport.parkNanos(PAUSE_NS);
            return null;
        }
    }

    /** Closes what may be there; a failure is nobody's loss. */
    static void close(@Nullable Closeable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException e) {
            log.debug("closing failed: {}", e.getMessage());
        }
    }
}
