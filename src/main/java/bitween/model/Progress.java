package bitween.model;

import java.util.List;

/**
 * How far a transfer is, once a second. Rates are payload bytes per second.
 *
 * @param doneBytes hashed (HASHING), verified (VERIFYING) or downloaded (DOWNLOADING)
 * @param totalBytes 0 while unknown
 * @param uploadedBytes payload sent since it was added, over all sessions
 */
public record Progress(
        long doneBytes,
        long totalBytes,
        long downloadBytesPerSecond,
        long uploadBytesPerSecond,
        long uploadedBytes,
        List<Peer> peers) {
    public static final Progress NONE = new Progress(0, 0, 0, 0, 0, List.of());

    public Progress {
        peers = List.copyOf(peers);
    }

    /** A connected peer. */
    public record Peer(PeerAddress address, long downloadBytesPerSecond, long uploadBytesPerSecond) {}
}
