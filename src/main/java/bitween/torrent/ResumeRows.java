package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.store.TorrentStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Resume data in the store, and whether what is on its way there may still be believed. Thread: {@code torrent}. */
final class ResumeRows {
    private final TorrentStore store;
    /** How often what is on disk was doubted. */
    private final Map<InfoHash, Integer> doubts = new HashMap<>();

    ResumeRows(TorrentStore store) {
        this.store = store;
    }

    /** @return empty: nothing that could be believed, so that all is to be hashed */
    Optional<Bytes> read(InfoHash hash) {
        return store.resume().of(hash);
    }

    /** What is on disk is not to be believed, neither now nor at the next start. */
    void doubt(InfoHash hash) {
        doubts.merge(hash, 1, Integer::sum);
        store.resume().remove(hash);
    }

    /** Goes with data that are not stored yet. */
    int doubts(InfoHash hash) {
        return doubts.getOrDefault(hash, 0);
    }

    /** Without effect when they were doubted since {@code doubtsThen} was counted. */
    void save(InfoHash hash, Bytes data, int doubtsThen) {
        if (doubts(hash) == doubtsThen) {
            store.resume().save(hash, data);
        }
    }
}
