package bitween.torrent.libtorrent;

import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An engine, and what it said. */
final class TestEngine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final LibtorrentEngine engine;
    private final List<EngineEvent> events = new ArrayList<>();

    TestEngine(Path natives, DiskBackend backend) {
        this(natives, backend, 0);
    }

    TestEngine(Path natives, DiskBackend backend, int port) {
        engine = LibtorrentEngine.start(natives, port, backend, this::heard, Clock.systemUTC());
        engine.admit(Set.of(PeerAddress.parse(SessionSettings.HERE + ":1").ip()));
    }

    private synchronized void heard(EngineEvent event) {
        events.add(event);
        notifyAll();
    }

    /** Takes the first event of this type out of what was heard, waiting for it; what came before stays. */
    <E extends EngineEvent> E await(Class<E> type) {
        return await(type, event -> true);
    }

    synchronized <E extends EngineEvent> E await(Class<E> type, Predicate<E> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            E found = take(type, wanted);
            if (found != null) {
                return found;
            }
            long leftMs = (end - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new AssertionError("no " + type.getSimpleName() + " in " + PATIENCE + ", but " + events);
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    synchronized <E extends EngineEvent> @Nullable E take(Class<E> type, Predicate<E> wanted) {
        for (EngineEvent event : events) {
            if (type.isInstance(event) && wanted.test(type.cast(event))) {
                events.remove(event);
                return type.cast(event);
            }
        }
        return null;
    }

    synchronized List<EngineEvent> heard() {
        return List.copyOf(events);
    }

    EngineEvent.Checked add(Torrent torrent) {
        engine.add(torrent);
        return await(EngineEvent.Checked.class, event -> event.hash().equals(torrent.hash()));
    }

    void seed(Torrent torrent) {
        add(torrent);
        engine.resume(torrent.hash());
    }

    PeerAddress address() {
        if (engine.status().port() == 0) {
            await(EngineEvent.Listening.class, event -> event.status().port() != 0);
        }
        return PeerAddress.parse(SessionSettings.HERE + ":" + engine.status().port());
    }

    void getFrom(InfoHash hash, PeerAddress peer) {
        engine.connect(hash, peer);
        engine.resume(hash);
    }

    @Override
    public void close() {
        engine.close();
    }
}
