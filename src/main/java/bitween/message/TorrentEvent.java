package bitween.message;

import bitween.bus.Event;
import bitween.bus.Snapshot;
import bitween.model.EngineStatus;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Progress;
import bitween.model.Transfer;
import bitween.model.TransferId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the torrent worker tells the rest of the program. */
public sealed interface TorrentEvent extends Event {
    /** At start, once: what the store holds. */
    record TransfersLoaded(List<Transfer> transfers) implements TorrentEvent {
        public TransfersLoaded {
            transfers = List.copyOf(transfers);
        }
    }

    /** Something was added, or its state, name or content changed. */
    record TransferChanged(Transfer transfer) implements TorrentEvent {}

    record TransferRemoved(Transfer transfer) implements TorrentEvent {}

    /**
     * A newer revision took its place, and files that were changed here stand beside it.
     *
     * @param kept where they stand now, absolute
     */
    record OwnFilesKept(Transfer transfer, List<Path> kept) implements TorrentEvent {
        public OwnFilesKept {
            kept = List.copyOf(kept);
        }
    }

    /**
     * A newer revision is complete, in the place of an earlier one. The transfer is told as changed right afterwards.
     *
     * @param files how many of its files came
     * @param sizeBytes of these
     */
    record RevisionReplaced(Transfer transfer, int files, long sizeBytes) implements TorrentEvent {}

    /**
     * The files of a live share's newest revision are not kept. It is offered all the same.
     *
     * @param revision which one
     */
    record RevisionNotKept(Transfer transfer, int revision, Failure why) implements TorrentEvent {}

    /** Each second, while something moves: all transfers whose figures are known, moving or not. */
    record TransfersProgressed(Map<TransferId, Progress> progress) implements TorrentEvent, Snapshot {
        public TransfersProgressed {
            progress = Map.copyOf(progress);
        }
    }

    /** The engine listens, or does not. */
    record EngineChanged(EngineStatus status) implements TorrentEvent {}

    /**
     * A piece of a job came from peers and was not what had been hashed. It is fetched again.
     *
     * @param blocks of which it is made; 0 when that is not known
     */
    record DamageFound(InfoHash hash, int piece, int blocks) implements TorrentEvent {}

    /** A job could use peers: it has none, or just began. */
    record PeersWanted(InfoHash hash) implements TorrentEvent {}
}
