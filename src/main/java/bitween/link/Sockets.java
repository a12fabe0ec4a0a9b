package bitween.link;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
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
