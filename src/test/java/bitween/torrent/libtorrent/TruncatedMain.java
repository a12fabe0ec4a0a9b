package bitween.torrent.libtorrent;

import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Cuts a file short while an engine of this JVM reads it: memory-mapped, it gets a SIGBUS for that. Prints what the engine says to it; exits 0 when it says something.
 *
 * <p>Arguments: a folder to work in, and {@code seeding} or {@code checking}.
 */
public final class TruncatedMain {
    private static final long BYTES = 64 << 20;
    private static final long RATE = 4 << 20;

    private TruncatedMain() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        Path source = TestTorrents.random(root.resolve("source/big.bin"), BYTES, 1);
        Path copy = Files.createDirectories(root.resolve("staging")).resolve("big.bin");
        var made = TestTorrents.of(source, 1 << 18, Map.of());
        DiskBackend backend = DiskBackend.choose();
        try (var seeder = new TestEngine(root.resolve("native"), backend);
                var getter = new TestEngine(root.resolve("native"), backend)) {
            seeder.seed(made.torrent(TestTorrents.link(root.resolve("a"), made, source), Start.COMPLETE, null));
            EngineEvent said;
            if (arguments[1].equals("seeding")) {
                seeder.engine.limitRates(0, RATE);
                getter.add(made.torrent(TestTorrents.link(root.resolve("b"), made, copy), Start.RESUME, null));
                getter.getFrom(made.hash(), seeder.address());
                getter.await(EngineEvent.PieceCame.class);
                cut(source);
                said = seeder.await(EngineEvent.Failed.class);
            } else {
                seeder.engine.recheck(made.hash());
                cut(source);
                said = seeder.await(
                        EngineEvent.class,
                        event -> event instanceof EngineEvent.Failed
                                || (event instanceof EngineEvent.Checked checked && !checked.complete()));
            }
            System.gc(); // the JVM still has its own signals
            System.out.println(backend.name() + " " + said);
        }
    }

    private static void cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(BYTES / 64);
        }
    }
}
