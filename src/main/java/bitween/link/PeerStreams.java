package bitween.link;

import bitween.model.Device;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The BitTorrent connections that are open, so that what is no longer permitted ends at once. Thread: any. */
final class PeerStreams implements AutoCloseable {
    /** Far more than one friend's device needs: one for each torrent that both hold. */
    static final int MAX_PER_DEVICE = 64;

    private final Set<PeerStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @return false when the device has too many, or we are closing: then the stream is not kept */
    boolean add(PeerStream stream) {
        synchronized (open) { // counting and adding in one step
            if (closed || of(stream.device()).size() >= MAX_PER_DEVICE) {
                return false;
            }
            return open.add(stream);
        }
    }

    void remove(PeerStream stream) {
        open.remove(stream);
    }

    List<PeerStream> of(Device device) {
        return open.stream().filter(stream -> stream.device().equals(device)).toList();
    }

    boolean has(Device device) {
        return open.stream().anyMatch(stream -> stream.device().equals(device));
    }

    /** @return how many were ended */
    int closeUnless(Predicate<PeerStream> permitted) {
        List<PeerStream> refused = open.stream().filter(permitted.negate()).toList();
        refused.forEach(PeerStream::close);
        return refused.size();
    }

    @Override
    public void close() {
        synchronized (open) {
            closed = true;
        }
        closeUnless(stream -> false);
    }
}
