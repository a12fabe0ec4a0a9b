package bitween.link;

import static bitween.link.Ends.ALICE;
import static bitween.link.Ends.BOB;
import static bitween.link.Ends.start;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.BytePipe;
import bitween.model.PeerAddress;
import bitween.testing.Footprint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that stay, in use all the time, while memory is scarce; ten minutes for each engine in the long form. */
class SoakIT {
    private static final Duration SOAK =
            Boolean.getBoolean("bitween.long") ? Duration.ofMinutes(10) : Duration.ofSeconds(4);
    private static final int STREAMS = 16;
    private static final int ROUND_BYTES = 1_000_000;
    /** So that what the engines and the C library keep for themselves is there. */
    private static final Duration WARM = SOAK.dividedBy(4);
    /** A buffer more for each stream would be 4 MB; figures of the same process differ by less than this. */
    private static final long SLACK = 4 << 20;
    /** Garbage makes the heap grow by some ten MB; one record lost in each round would be 400 MB in ten minutes. */
    private static final long RESIDENT_SLACK = 128 << 20;

    @ParameterizedTest
    @EnumSource(names = {"BORING_TO_BORING", "JDK_TO_JDK"})
    void streams_that_stay_open_under_gc_pressure_leak_neither_threads_nor_sockets_nor_memory(Engines engines)
            throws IOException {
        Tls alice = engines.dialler(ALICE);
        Tls bob = engines.acceptor(BOB);
        run(open(alice, bob)); // classes are loaded, pools are filled
        Footprint before = Footprint.now();
        List<Ends> streams = open(alice, bob);

        Footprint begin;
        long rounds;
        try (Garbage garbage = Garbage.start()) {
            use(streams, WARM);
            begin = Footprint.now();
            rounds = use(streams, SOAK);
            assertThat(garbage.collected()).isPositive();
        }
        Footprint end = Footprint.now();
        streams.forEach(Ends::close);
        Footprint closed = settled(before);

        System.out.println(engines + ", " + rounds * STREAMS * 2 * ROUND_BYTES / 1_000_000 + " MB in "
                + SOAK.toSeconds() + " s\n  before " + before + "\n  begin  " + begin + "\n  end    " + end
                + "\n  closed " + closed);
        assertThat(end.descriptors()).isEqualTo(begin.descriptors());
        assertThat(closed.heapBytes()).isLessThan(before.heapBytes() + SLACK);
        assertThat(end.residentBytes()).isLessThan(begin.residentBytes() + RESIDENT_SLACK);
    }

    /** @return how many rounds there were */
    private static long use(List<Ends> streams, Duration time) {
        long rounds = 0;
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; rounds++) {
            round(streams);
        }
        return rounds;
    }

    private static void run(List<Ends> streams) {
        round(streams);
        streams.forEach(Ends::close);
    }

    private static List<Ends> open(Tls alice, Tls bob) throws IOException {
        List<Ends> streams = new ArrayList<>();
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var local = (InetSocketAddress) listener.getLocalAddress();
            for (int i = 0; i < STREAMS; i++) {
                BytePipe dialled =
                        TcpPipe.dial(new PeerAddress(local.getAddress(), local.getPort()), Duration.ofSeconds(20));
                streams.add(Ends.over(alice, bob, new BytePipe[] {dialled, TcpPipe.over(listener.accept())}));
            }
        }
        return streams;
    }

    /** Some bytes both ways through each, at the same time; they are what was sent. */
    private static void round(List<Ends> streams) {
        List<CompletableFuture<Boolean>> exchanges = streams.stream()
                .map(stream -> start(() -> {
                    Traffic.exchange(stream.alice(), stream.bob(), ROUND_BYTES);
                    return true;
                }))
                .toList();
        exchanges.forEach(CompletableFuture::join);
    }

    /** Once no more is there than was: threads, sockets and buffers go a moment later. */
    private static Footprint settled(Footprint expected) {
        return Awaitility.await("as it was: " + expected)
                .atMost(Duration.ofSeconds(10))
                .pollInSameThread()
                .until(
                        Footprint::now,
                        now -> now.threads() <= expected.threads()
                                && now.descriptors() <= expected.descriptors()
                                && now.directBytes() <= expected.directBytes() + SLACK);
    }

    /** Allocates without end, and lets collect again and again. */
    private static final class Garbage implements AutoCloseable {
        private static final int KEPT = 512;
        private static final int BYTES = 64 << 10;

        private final AtomicBoolean closed = new AtomicBoolean();
        private final Thread thread = new Thread(this::litter, "garbage");
        private final AtomicInteger collected = new AtomicInteger();

        static Garbage start() {
            Garbage garbage = new Garbage();
            garbage.thread.start();
            return garbage;
        }

        private void litter() {
            byte[][] kept = new byte[KEPT][];
            for (int i = 0; !closed.get(); i++) {
                kept[i % KEPT] = new byte[BYTES];
                if (i % KEPT == 0) {
                    System.gc();
                    collected.incrementAndGet();
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
            }
        }

        int collected() {
            return collected.get();
        }

        @Override
        public void close() {
            closed.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
