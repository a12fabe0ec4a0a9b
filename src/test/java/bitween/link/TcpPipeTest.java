package bitween.link;

import static bitween.link.Ends.failureOf;
import static bitween.link.Ends.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpPipeTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private ServerSocketChannel listener;
    private PeerAddress address;

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var local = (InetSocketAddress) listener.getLocalAddress();
        address = new PeerAddress(local.getAddress(), local.getPort());
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    @Test
    void bytes_go_both_ways_at_once() throws IOException {
        try (TcpPipe near = TcpPipe.dial(address, LIMIT);
                TcpPipe far = TcpPipe.over(listener.accept())) {
            Traffic.exchange(near, far, 3_000_000);
        }
    }

    @Test
    void it_is_named_after_the_other_end() throws IOException {
        try (TcpPipe near = TcpPipe.dial(address, LIMIT);
                SocketChannel accepted = listener.accept()) {
            assertThat(near.path()).isEqualTo("direct " + address);
            assertThat(TcpPipe.over(accepted).path()).matches("direct 127\\.0\\.0\\.1:\\d+");
        }
    }

    @Test
    void the_end_of_the_stream_is_minus_one() throws IOException {
        try (TcpPipe near = TcpPipe.dial(address, LIMIT);
                TcpPipe far = TcpPipe.over(listener.accept())) {
            CompletableFuture.runAsync(far::close).join();

            assertThat(near.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        }
    }

    @Test
    void closing_ends_who_reads_and_who_writes() throws IOException {
        try (TcpPipe near = TcpPipe.dial(address, LIMIT);
                SocketChannel unread = listener.accept()) {
            CompletableFuture<?> reader = start(() -> near.read(ByteBuffer.allocate(10)));
            CompletableFuture<?> writer = start(() -> {
                near.write(ByteBuffer.allocate(100_000_000)); // more than any socket buffer
                return true;
            });

            CompletableFuture.runAsync(near::close).join();
            CompletableFuture.runAsync(near::close).join();

            assertThat(unread.isOpen()).isTrue();
            assertThat(failureOf(reader)).isInstanceOf(ClosedChannelException.class);
            assertThat(failureOf(writer)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> near.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void nobody_there_is_an_error() throws IOException {
        listener.close();

        assertThatThrownBy(() -> TcpPipe.dial(address, LIMIT)).isInstanceOf(ConnectException.class);
    }

    @Test
    void a_secure_channel_runs_over_it() throws IOException {
        TcpPipe near = TcpPipe.dial(address, LIMIT);
        TcpPipe far = TcpPipe.over(listener.accept());

        try (Ends ends = Ends.over(Engines.BORING_TO_JDK, new TcpPipe[] {near, far})) {
            Traffic.exchange(ends.alice(), ends.bob(), 3_000_000);
            assertThat(ends.alice().path()).isEqualTo("direct " + address);
        }
    }
}
