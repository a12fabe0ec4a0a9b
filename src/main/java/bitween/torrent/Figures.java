package bitween.torrent;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.Progress;
import bitween.model.Transfer;
import bitween.model.TransferId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How far each transfer is, told once a second while something moves. Thread: {@code torrent}. */
final class Figures {
    private final Bus bus;
    private final Map<TransferId, Progress> figures = new HashMap<>();
    /** What was sent of shares before the engine got them last: they keep no resume data that would know. */
    private final Map<TransferId, Long> sentBefore = new HashMap<>();

    /** What the store holds of what was sent; nothing: 0. */
    private final Map<TransferId, Long> storedSent = new HashMap<>();

    /** Shares that the engine gets anew: until it has looked at them, what it tells may be of the last time. */
    private final Set<TransferId> entering = new HashSet<>();

    private boolean changed;

    Figures(Bus bus) {
        this.bus = bus;
    }

    void sentBefore(TransferId id, long bytes) {
        sentBefore.put(id, bytes);
        storedSent.put(id, bytes);
    }

    /** Without a peer nothing moves; the engine's means of the last seconds say so only later. */
    void put(Transfer transfer, EngineEvent.State state) {
        boolean moves = !state.peers().isEmpty();
        long earlier = transfer.kind() == Transfer.Kind.SHARE ? sentBefore.getOrDefault(transfer.id(), 0L) : 0;
        long sent = earlier + state.uploadedBytes();
        put(
                transfer.id(),
                new Progress(
                        state.doneBytes(),
                        state.totalBytes(),
                        moves ? state.downloadBytesPerSecond() : 0,
                        moves ? state.uploadBytesPerSecond() : 0,
                        entering.contains(transfer.id()) ? Math.max(sent, sentSoFar(transfer.id())) : sent,
                        state.peers()));
    }

    /** A transfer that only reads: hashed or verified so far. */
    void put(TransferId id, long doneBytes, long totalBytes) {
        put(id, new Progress(doneBytes, totalBytes, 0, 0, sentSoFar(id), List.of()));
    }

    /** The engine gets a share, and counts from 0: as at a start, so after a move, a pause, and with each revision. */
    void enters(TransferId id) {
        entering.add(id);
    }

    /** The engine has looked at it: what it tells from now on comes on top of what was sent so far. */
    void entered(TransferId id) {
        if (entering.remove(id)) {
            sentBefore.put(id, sentSoFar(id));
        }
    }

    private long sentSoFar(TransferId id) {
        Progress known = figures.get(id);
        return known == null ? sentBefore.getOrDefault(id, 0L) : known.uploadedBytes();
    }

    void remove(TransferId id) {
        changed |= figures.remove(id) != null;
        sentBefore.remove(id);
        entering.remove(id);
        storedSent.remove(id);
    }

    /** Publishes what changed since the last call, if anything did. */
    void publish() {
        if (changed) {
            changed = false;
            bus.publish(new TransfersProgressed(figures));
        }
    }

    /** What each sent so far, of which the store does not know yet. */
    Map<TransferId, Long> unstoredSent() {
        Map<TransferId, Long> sent = new HashMap<>();
        figures.forEach((id, progress) -> {
            if (progress.uploadedBytes() != storedSent.getOrDefault(id, 0L)) {
                sent.put(id, progress.uploadedBytes());
            }
        });
        return sent;
    }

    /** The store knows it now. */
    void stored(Map<TransferId, Long> sent) {
        storedSent.putAll(sent);
    }

    private void put(TransferId id, Progress progress) {
        changed |= !progress.equals(figures.put(id, progress));
    }
}
