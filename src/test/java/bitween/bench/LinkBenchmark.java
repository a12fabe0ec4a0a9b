package bitween.bench;

import bitween.link.DeviceKey;
import bitween.link.SecureChannel;
import bitween.link.TcpPipe;
import bitween.link.Tls;
import bitween.model.BytePipe;
import bitween.model.PeerAddress;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code LinkBenchmark NATIVES RUNS}: sends 2 GiB over loopback from this process to itself, as one stream and as 16, by plain TCP and through each TLS in
 * turns, and prints of each run what it was, the streams, the nanoseconds, and the CPU seconds per GiB of both ends together. The first round warms up.
 */
public final class LinkBenchmark implements AutoCloseable {
    private static final long TOTAL_BYTES = 2L << 30;
    private static final List<Integer> STREAMS = List.of(1, 16);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerSocketChannel listener;
    private final DeviceKey alice = DeviceKey.create();
    private final DeviceKey bob = DeviceKey.create();

    private LinkBenchmark() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** How a connection becomes a stream, at either end. */
    private interface Wrapping {
        BytePipe wrap(BytePipe pipe) throws IOException;
    }

    /** Both ends of one stream. */
    private record Stream(BytePipe from, BytePipe to) {}

    public static void main(String[] arguments) throws Exception {
        Path natives = Path.of(arguments[0]);
        int runs = Integer.parseInt(arguments[1]);
        try (LinkBenchmark benchmark = new LinkBenchmark()) {
            for (int run = 0; run <= runs; run++) {
                for (int streams : STREAMS) {
                    benchmark.measure("tcp", streams, run > 0, pipe -> pipe, pipe -> pipe);
                    benchmark.measure("tcnative", streams, run > 0, key -> Tls.open(key, natives));
                    benchmark.measure("jdk", streams, run > 0, Tls::jdk);
                }
            }
        }
    }

    /** Which TLS. */
    private interface Engine {
        Tls of(DeviceKey key);
    }

    private void measure(String name, int streams, boolean counts, Engine engine) throws Exception {
        Tls dialling = engine.of(alice);
        Tls accepting = engine.of(bob);
        measure(
                name,
                streams,
                counts,
                pipe -> SecureChannel.dial(pipe, dialling, bob.fingerprint()),
                pipe -> SecureChannel.accept(pipe, accepting, alice.fingerprint()::equals));
    }

    private void measure(String name, int count, boolean counts, Wrapping dialler, Wrapping acceptor) throws Exception {
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            streams.add(connect(dialler, acceptor));
        }
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpuNs = system.getProcessCpuTime();
        long begin = System.nanoTime();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Stream stream : streams) {
            ends.add(CompletableFuture.runAsync(() -> send(stream.from(), TOTAL_BYTES / count), threads));
            ends.add(CompletableFuture.runAsync(() -> receive(stream.to(), TOTAL_BYTES / count), threads));
        }
        ends.forEach(CompletableFuture::join);
        long tookNs = System.nanoTime() - begin;
        cpuNs = system.getProcessCpuTime() - cpuNs;
        for (Stream stream : streams) {
            stream.from().close();
            stream.to().close();
        }
        if (counts) {
            double gibibytes = TOTAL_BYTES / (double) (1 << 30);
            System.out.printf("%s %d %d %.3f%n", name, count, tookNs, cpuNs / 1e9 / gibibytes);
        }
    }

    private Stream connect(Wrapping dialler, Wrapping acceptor) throws IOException {
        var address = (InetSocketAddress) listener.getLocalAddress();
        BytePipe near = TcpPipe.dial(new PeerAddress(address.getAddress(), address.getPort()), Duration.ofSeconds(10));
        BytePipe far = TcpPipe.over(listener.accept());
        CompletableFuture<BytePipe> accepted = CompletableFuture.supplyAsync(() -> wrap(acceptor, far), threads);
        return new Stream(dialler.wrap(near), accepted.join());
    }

    private static BytePipe wrap(Wrapping wrapping, BytePipe pipe) {
        try {
            return wrapping.wrap(pipe);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(BytePipe pipe, long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        try {
            for (long left = bytes; left > 0; left -= buffer.capacity()) {
                pipe.write(buffer.clear().limit((int) Math.min(left, buffer.capacity())));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void receive(BytePipe pipe, long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SecureChannel.BUFFER_BYTES);
        try {
            long left = bytes;
            while (left > 0) {
                left -= pipe.read(buffer.clear());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
