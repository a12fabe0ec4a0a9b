package bitween.app;

import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentWorker;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings what the engine says to the worker, which is made after it. What is said before is not lost: the worker asks for the status when it loads. */
final class EngineRelay implements Consumer<EngineEvent> {
    private volatile @Nullable TorrentWorker worker;

    void to(TorrentWorker made) {
        worker = made;
    }

    @Override
    public void accept(EngineEvent event) {
        TorrentWorker hears = worker;
        if (hears != null) {
            hears.engineSays(event);
        }
    }
}
