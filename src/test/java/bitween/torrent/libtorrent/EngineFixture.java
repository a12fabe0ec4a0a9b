package bitween.torrent.libtorrent;

import static bitween.torrent.libtorrent.TestTorrents.link;

import bitween.model.InfoHash;
import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import bitween.torrent.libtorrent.TestTorrents.Made;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two engines of one JVM on one address of this machine; with the POSIX back-end, unless the tests are started below a preloaded libjsig. */
abstract class EngineFixture {
    static final DiskBackend BACKEND = DiskBackend.choose();

    @TempDir
    Path root;

    TestEngine seeder;
    TestEngine getter;

    @BeforeEach
    void start() {
        seeder = engine();
        getter = engine();
    }

    @AfterEach
    void stop() {
        seeder.close();
        getter.close();
    }

    TestEngine engine() {
        return new TestEngine(root.resolve("native"), BACKEND);
    }

    void seed(Made made, Path source) throws IOException {
        seeder.seed(made.torrent(link(root.resolve("seeder"), made, source), Start.COMPLETE, null));
    }

    void get(Made made, Path target, Start start) throws IOException {
        getter.add(made.torrent(link(root.resolve("getter"), made, target), start, null));
        getter.getFrom(made.hash(), seeder.address());
        getter.await(EngineEvent.Finished.class);
    }

    /** Asks for figures until they are as wanted. */
    static EngineEvent.State stateOnce(
            TestEngine engine, InfoHash hash, java.util.function.Predicate<EngineEvent.State> wanted) {
        while (true) {
            engine.engine.requestUpdates(Set.of(hash));
            for (EngineEvent.State state :
                    engine.await(EngineEvent.Updated.class).states()) {
                if (state.hash().equals(hash) && wanted.test(state)) {
                    return state;
                }
            }
        }
    }

    static void damage(Path file, long offset) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            int old = access.read();
            access.seek(offset);
            access.write(old ^ 0xff);
        }
    }
}
