package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.EngineStatus;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Progress;
import java.util.List;

/** What the engine says: copies of libtorrent's alerts. */
public sealed interface EngineEvent {
    /**
     * A torrent was added or rechecked and is ready.
     *
     * @param complete whether it has all pieces that are wanted
     */
    record Checked(InfoHash hash, boolean complete) implements EngineEvent {}

    /** The last piece that is wanted was downloaded and hashed right. */
    record Finished(InfoHash hash) implements EngineEvent {}

    /**
     * A torrent stopped: its disk failed, or libtorrent does not take it. Told once until it is resumed or rechecked.
     *
     * @param code DISK_FULL, DISK_WRITE, DISK_READ or INTERNAL
     * @param reason a sentence for people, which names the file below the share's name
     */
    record Failed(InfoHash hash, ErrorCode code, String reason) implements EngineEvent {}

    record ResumeData(InfoHash hash, Bytes data) implements EngineEvent {}

    /** Nothing changed since the last, or there is nothing to save. */
    record ResumeUnchanged(InfoHash hash) implements EngineEvent {}

    record Removed(InfoHash hash) implements EngineEvent {}

    /** The engine listens, or failed to. */
    record Listening(EngineStatus status) implements EngineEvent {}

    /** What changed since the last. */
    record Updated(List<State> states) implements EngineEvent {
        public Updated {
            states = List.copyOf(states);
        }
    }

    /** A piece was downloaded and hashed right; it may still be on its way to the disk. */
    record PieceCame(InfoHash hash, int piece) implements EngineEvent {}

    /** A piece from a peer was wrong and is thrown away. */
    record PieceRefused(InfoHash hash, int piece) implements EngineEvent {}

    /**
     * One torrent's figures.
     *
     * @param doneBytes hashed so far while checking, else downloaded, pieces under way included; of the pieces that are wanted, as {@code totalBytes}
     * @param uploadedBytes payload, over all sessions
     * @param checking whether pieces on disk are being hashed
     */
    record State(
            InfoHash hash,
            long doneBytes,
            long totalBytes,
            long downloadBytesPerSecond,
            long uploadBytesPerSecond,
            long uploadedBytes,
            boolean checking,
            List<Progress.Peer> peers) {
        public State {
            peers = List.copyOf(peers);
        }
    }
}
