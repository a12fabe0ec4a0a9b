package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.HashingStore;
import bitween.store.HashingStore.Hashed;
import bitween.torrent.format.HashedParts;
import bitween.torrent.format.Scan;
import bitween.torrent.format.ScanStamps;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is hashed of one share, kept in the store each {@value #BYTES} bytes, so that no more than that is read again after a crash. Thread: the hashing threads, and
 * {@code torrent}; small shares write nothing.
 */
final class HashedRows implements HashedParts {
    private static final Logger log = LogManager.getLogger(HashedRows.class);
    static final long BYTES = 64 << 20;

    private final HashingStore store;
    private final TransferId share;
    private final ScanStamps now;
    private final BitSet changed;
    private final Map<Integer, Bytes> stretches;
    private final Map<Integer, Bytes> files;
    private Map<Integer, Bytes> freshStretches = new HashMap<>();
    private Map<Integer, Bytes> freshFiles = new HashMap<>();
    private long freshBytes;

    private HashedRows(HashingStore store, TransferId share, ScanStamps now, @Nullable Hashed known) {
        this.store = store;
        this.share = share;
        this.now = now;
        changed = known == null ? new BitSet() : now.changedSince(new ScanStamps(known.layout(), known.stamps()));
        stretches = known == null ? new HashMap<>() : new HashMap<>(known.stretches());
        files = known == null ? new HashMap<>() : new HashMap<>(known.files());
    }

    /** Thread: {@code torrent}. What is known of other files than those of {@code scan} is forgotten. */
    static HashedRows of(HashingStore store, TransferId share, Scan scan) {
        ScanStamps now = ScanStamps.of(scan);
        Hashed known = store.find(share).orElse(null);
        if (known != null
                && (!known.layout().equals(now.layout())
                        || known.stamps().size() != now.stamps().size())) {
            store.remove(share);
            known = null;
        }
        if (known != null) {
            log.info(
                    "{} goes on being hashed: {} stretches are",
                    share,
                    known.stretches().size());
        }
        return new HashedRows(store, share, now, known);
    }

    @Override
    public BitSet changed() {
        return (BitSet) changed.clone();
    }

    @Override
    public synchronized @Nullable Bytes stretch(int number) {
        return stretches.remove(number); // asked for once
    }

    @Override
    public synchronized @Nullable Bytes digest(int file) {
        return files.remove(file);
    }

    @Override
    public synchronized void forget(BitSet gone, BitSet goneFiles) {
        gone.stream().forEach(stretches::remove);
        goneFiles.stream().forEach(files::remove);
        store.forget(share, now.stamps(), gone, goneFiles);
    }

    @Override
    public synchronized void hashed(int stretch, Bytes hashes, long bytes) {
        freshStretches.put(stretch, hashes);
        came(bytes);
    }

    @Override
    public synchronized void digested(int file, Bytes digest, long bytes) {
        freshFiles.put(file, digest);
        came(bytes);
    }

    private void came(long bytes) {
        freshBytes += bytes;
        if (freshBytes >= BYTES) {
            flush();
        }
    }

    /** Also at a stop, whatever there is of a share that is not small. */
    synchronized void flush() {
        if (freshStretches.isEmpty() && freshFiles.isEmpty()) {
            return;
        }
        try {
            store.add(share, new Hashed(now.layout(), now.stamps(), freshStretches, freshFiles));
        } catch (UserException e) {
            log.warn("{} is hashed again after a crash: {}", share, e.sentence());
        }
        freshStretches = new HashMap<>();
        freshFiles = new HashMap<>();
        freshBytes = 0;
    }
}
