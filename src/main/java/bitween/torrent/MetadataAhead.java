package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The info dictionaries of all shares, in the order in which the daemon begins with them, read many at a time: a transaction for each takes longer than its reading.
 * Thread: torrent.
 */
final class MetadataAhead {
    private static final int COUNT = 500;
    /** In memory at once, and one more, which has {@link bitween.torrent.format.MetadataValidator#MAX_BYTES} at most. */
    private static final int BYTES = 4 << 20;

    private final TorrentStore store;
    private final List<InfoHash> order = new ArrayList<>();
    private final Map<InfoHash, Integer> places = new HashMap<>();
    private Map<InfoHash, Bytes> read = Map.of();

    MetadataAhead(TorrentStore store, List<StoredTransfer> transfers) {
        this.store = store;
        for (StoredTransfer stored : transfers) {
            InfoHash hash = stored.transfer().hash();
            if (hash != null && stored.transfer().kind() == Transfer.Kind.SHARE) {
                places.put(hash, order.size());
                order.add(hash);
            }
        }
    }

    Optional<Bytes> metadata(InfoHash hash) {
        Integer place = places.get(hash);
        if (place == null) {
            return store.metadata(hash);
        }
        if (!read.containsKey(hash)) {
            read = store.metadata(order.subList(place, Math.min(place + COUNT, order.size())), BYTES);
        }
        return Optional.ofNullable(read.remove(hash));
    }
}
