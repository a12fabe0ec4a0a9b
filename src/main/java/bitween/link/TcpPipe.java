package bitween.link;

import bitween.model.BytePipe;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The direct way: a TCP connection, on a blocking channel. An interrupt of the thread that reads or writes closes it. */
public final class TcpPipe implements BytePipe {
    private static final Logger log = LogManager.getLogger(TcpPipe.class);

    private final SocketChannel channel;
    private final String path;
    private final InetAddress local;

    private TcpPipe(SocketChannel channel, String path, InetAddress local) {
        this.channel = channel;
        this.path = path;
        this.local = local;
    }

    /**
     * Connects; returns or fails within {@code limit}. An interrupt ends it sooner.
     *
     * @throws IOException when nobody is there
     */
    public static TcpPipe dial(PeerAddress address, Duration limit) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket()
                    .connect(new InetSocketAddress(address.ip(), address.port()), Math.toIntExact(limit.toMillis()));
            return over(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** @param connected ours from now on, also when this fails */
    public static TcpPipe over(SocketChannel connected) throws IOException {
        try {
            connected.configureBlocking(true);
            // requests and BitTorrent's small messages must not wait for the answer to those before them
            connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new TcpPipe(
                    connected,
                    "direct " + describe(connected.getRemoteAddress()),
                    ((InetSocketAddress) connected.getLocalAddress()).getAddress());
        } catch (IOException | RuntimeException e) {
            connected.close();
            throw e;
        }
    }

    /** Which address of ours it leaves from. */
    InetAddress local() {
        return local;
    }

    private static String describe(SocketAddress remote) {
        return remote instanceof InetSocketAddress ip
                ? new PeerAddress(ip.getAddress(), ip.getPort()).toString()
                : remote.toString();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            channel.write(source);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("{} was not closed cleanly: {}", path, e.getMessage());
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
