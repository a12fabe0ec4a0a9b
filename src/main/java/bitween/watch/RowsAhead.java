package bitween.watch;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.store.TorrentStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the store holds of shares that are looked at one after the other, read many at a time: a transaction for each takes longer than its reading. Thread: watch.
 */
final class RowsAhead {
    private static final int COUNT = 500;
    /** In memory at once, and one more, which has {@link bitween.torrent.format.MetadataValidator#MAX_BYTES} at most. */
    private static final int BYTES = 4 << 20;

    private final TorrentStore store;
    private final List<InfoHash> order;
    private final Map<InfoHash, Integer> places = new HashMap<>();
    private Map<InfoHash, Bytes> metadata = Map.of();
    private Map<InfoHash, Bytes> stamps = Map.of();

    RowsAhead(TorrentStore store, List<InfoHash> order) {
        this.store = store;
        this.order = order;
        for (int place = 0; place < order.size(); place++) {
            places.put(order.get(place), place);
        }
    }

    /** Asked for before {@link #stamps}. */
    Optional<Bytes> metadata(InfoHash hash) {
        Integer place = places.get(hash);
        if (place == null) {
            return store.metadata(hash);
        }
        if (!metadata.containsKey(hash)) {
            metadata = store.metadata(order.subList(place, Math.min(place + COUNT, order.size())), BYTES);
            stamps = store.stamps(metadata.keySet());
        }
        return Optional.ofNullable(metadata.remove(hash));
    }

    /** How its files were when what is in them was known. */
    Optional<Bytes> stamps(InfoHash hash) {
        return places.containsKey(hash) ? Optional.ofNullable(stamps.get(hash)) : store.stamps(hash);
    }
}
