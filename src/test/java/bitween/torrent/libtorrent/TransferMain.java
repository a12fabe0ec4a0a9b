package bitween.torrent.libtorrent;

import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Moves one file between two engines of this JVM, if asked below a storm of allocations and implicit null checks: what a JVM dies of whose signal
 * handlers were taken away. Prints the disk back-end and the seconds; exits 0 when the copy is right.
 *
 * <p>Arguments: a folder to work in, bytes, whether there shall be a storm, and optionally a disk back-end to force.
 */
public final class TransferMain {
    private static volatile boolean over;
    private static volatile Object sink = "";

    private TransferMain() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        long bytes = Long.parseLong(arguments[1]);
        if (Boolean.parseBoolean(arguments[2])) {
            for (int i = 0; i < 2; i++) {
                Thread storm = new Thread(TransferMain::storm, "storm-" + i);
                storm.setDaemon(true);
                storm.start();
            }
        }
        Path source = TestTorrents.random(root.resolve("source/big.bin"), bytes, 1);
        Path copy = Files.createDirectories(root.resolve("staging")).resolve("big.bin");
        var made = TestTorrents.of(source, 1 << 20, java.util.Map.of());
        DiskBackend backend = arguments.length > 3 ? new DiskBackend(arguments[3], "forced") : DiskBackend.choose();
        try (var seeder = new TestEngine(root.resolve("native"), backend);
                var getter = new TestEngine(root.resolve("native"), backend)) {
            seeder.seed(made.torrent(TestTorrents.link(root.resolve("a"), made, source), Start.COMPLETE, null));
            getter.add(made.torrent(TestTorrents.link(root.resolve("b"), made, copy), Start.RESUME, null));
            long start = System.nanoTime();
            getter.getFrom(made.hash(), seeder.address());
            getter.await(EngineEvent.Finished.class);
            double seconds = (System.nanoTime() - start) / 1e9;
            getter.engine.recheck(made.hash());
            boolean complete = getter.await(EngineEvent.Checked.class).complete();
            over = true;
            say(System.out, backend.name() + " " + String.format("%.2f", seconds) + " s, complete " + complete);
            if (!complete || Files.mismatch(source, copy) >= 0) {
                System.exit(1);
            }
        }
    }

    private static void say(PrintStream out, String line) {
        out.println(line);
    }

    /** Loops with safepoint polls, garbage collections, and null checks that the JIT leaves to SIGSEGV. */
    private static void storm() {
        long count = 0;
        while (!over) {
            sink = new byte[1 << 14];
            count += sink.hashCode() & 1;
            for (int i = 0; i < 100_000; i++) {
                count += i ^ count >>> 3;
            }
            try {
                count += length(count % 64 == 0 ? null : "text");
            } catch (NullPointerException expected) {
                count++;
            }
        }
        sink = count;
    }

    @SuppressWarnings("NullAway") // on purpose
    private static int length(@Nullable String text) {
        return text.length();
    }
}
