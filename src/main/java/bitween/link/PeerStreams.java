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

    /** Of those that the XMPP servers carry, which have few places for all devices together. */
    static final int MAX_IN_BAND = 4;

    private final Set<PeerStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @return false when the device has too many, or we are closing: then the stream is not kept */
    boolean add(PeerStream stream) {
        synchronized (open) { // counting and adding in one step
            if (closed
                    || of(stream.device()).size() >= MAX_PER_DEVICE
                    || !(stream.link().path().isDirect() || hasRoomInBand(stream.device()))) {
                return false;
            }
            return open.add(stream);
        }
    }

    /** Whether the XMPP servers may carry one more of the device's. */
    boolean hasRoomInBand(Device device) {
        return of(device).stream()
                        .filter(stream -> !stream.link().path().isDirect())
                        .count()
                < MAX_IN_BAND;
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
