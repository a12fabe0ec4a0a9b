package bitween.link;

import static bitween.link.Ends.ALICE;
import static bitween.link.Ends.BOB;
import static bitween.link.Ends.failureOf;
import static bitween.link.Ends.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.BytePipe;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What takes other processes, or more than a moment. */
class SecureChannelIT {
    private static final Duration SOAK =
            Boolean.getBoolean("bitween.long") ? Duration.ofMinutes(10) : Duration.ofSeconds(3);
    private static final int STREAMS = 16;

    @TempDir
    Path folder;

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

    @ParameterizedTest
    @EnumSource
    void ten_megabytes_arrive_each_way_byte_by_byte(Engines engines) {
        MemoryPipe[] pipes = MemoryPipe.pair(1_000);

        try (Ends ends = Ends.over(
                engines, new BytePipe[] {new TricklePipe(pipes[0], false), new TricklePipe(pipes[1], false)})) {
            Traffic.exchange(ends.alice(), ends.bob(), 10_000_000);
        }
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void a_peer_that_is_killed_ends_the_stream_with_an_error(Tls ours) throws Exception {
        Process child = dialler("-Xmx64m");

        try (SecureChannel channel = SecureChannel.accept(TcpPipe.over(listener.accept()), ours, key -> true)) {
            receive(channel, 5_000_000);
            child.destroyForcibly();

            assertThatThrownBy(() -> receive(channel, Long.MAX_VALUE)).isInstanceOf(IOException.class);
        } finally {
            child.destroyForcibly();
        }
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void a_peer_that_stands_still_holds_nobody_who_closes(Tls ours) throws Exception {
        Process child = dialler("-Xmx64m");

        try (SecureChannel channel = SecureChannel.accept(TcpPipe.over(listener.accept()), ours, key -> true)) {
            receive(channel, 5_000_000);
            stop(child);
            CompletableFuture<?> writer = start(() -> {
                channel.write(ByteBuffer.allocateDirect(100_000_000));
                return true;
            });
            CompletableFuture<?> reader = start(() -> {
                receive(channel, Long.MAX_VALUE);
                return true;
            });
            CompletableFuture.runAsync(channel::close).join();

            assertThat(failureOf(writer)).isInstanceOf(ClosedChannelException.class);
            assertThat(failureOf(reader)).isInstanceOf(ClosedChannelException.class);
        } finally {
            child.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, BoringSSL", "true, JDK"})
    void the_jdk_steps_in_where_the_native_library_does_not_load(String without, String name) throws Exception {
        Process child = dialler("-Dio.netty.handler.ssl.noOpenSsl=" + without);

        try (SecureChannel channel = SecureChannel.accept(TcpPipe.over(listener.accept()), Tls.jdk(BOB), key -> true)) {
            receive(channel, 5_000_000);

            assertThat(folder.resolve("output")).content().contains(name);
            assertThat(folder)
                    .as("the native library is gone once it is loaded")
                    .isDirectoryNotContaining("glob:**.so");
        } finally {
            child.destroyForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void many_streams_for_a_while_leave_nothing_behind(Engines engines) throws Exception {
        RecordingTls alice = new RecordingTls(engines.dialler(ALICE));
        RecordingTls bob = new RecordingTls(engines.acceptor(BOB));
        long end = System.nanoTime() + SOAK.toNanos();
        int rounds = 0;

        do {
            List<Ends> streams = new ArrayList<>();
            for (int count = 0; count < STREAMS; count++) {
                streams.add(Ends.over(alice, bob, new BytePipe[] {
                    TcpPipe.dial(address, Duration.ofSeconds(20)), TcpPipe.over(listener.accept())
                }));
            }
            List<CompletableFuture<Boolean>> exchanges = new ArrayList<>();
            for (Ends stream : streams) {
                exchanges.add(start(() -> {
                    Traffic.exchange(stream.alice(), stream.bob(), 1_000_000);
                    return true;
                }));
            }
            System.gc(); // buffers and engines that somebody still uses must not go
            exchanges.forEach(CompletableFuture::join);
            streams.forEach(Ends::close);
            rounds++;
        } while (System.nanoTime() < end);

        System.out.println(engines + ": " + rounds * STREAMS + " streams");
        alice.assertAllGivenBack();
        bob.assertAllGivenBack();
        assertThat(alice.buffers().size()).isLessThanOrEqualTo(2 * STREAMS);
    }

    private Process dialler(String option) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiallerMain.class.getName(),
                        folder.toString(),
                        BOB.fingerprint().hex(),
                        address.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static void stop(Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void receive(BytePipe pipe, long bytes) throws IOException {
        ByteBuffer target = ByteBuffer.allocateDirect(SecureChannel.BUFFER_BYTES);
        for (long received = 0; received < bytes; received += target.position()) {
            assertThat(pipe.read(target.clear())).isPositive();
        }
    }

    static Stream<Tls> bobs() {
        return Ends.tlsOf(BOB);
    }
}
