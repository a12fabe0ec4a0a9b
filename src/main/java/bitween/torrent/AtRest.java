package bitween.torrent;

import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Jobs that the engine is not given at a start, and how far these are: as far as resume data are to be believed. Thread: {@code torrent}. */
final class AtRest {
    private static final Logger log = LogManager.getLogger(AtRest.class);
    /** What pauses because of its disk goes on soon after. */
    private static final Set<TransferState> STATES =
            EnumSet.of(TransferState.COMPLETE, TransferState.PAUSED, TransferState.FAILED);

    private final TorrentStore store;
    private final TorrentEngine engine;
    private final Metadata metadata;
    private final Figures figures;

    AtRest(TorrentStore store, TorrentEngine engine, Metadata metadata, Figures figures) {
        this.store = store;
        this.engine = engine;
        this.metadata = metadata;
        this.figures = figures;
    }

    /** Whether it is one of them. */
    boolean keeps(StoredTransfer stored) {
        Transfer job = stored.transfer();
        InfoHash hash = job.hash();
        boolean rests = STATES.contains(job.state());
        if (rests && job.state() != TransferState.COMPLETE && hash != null && stored.hasMetadata()) {
            measure(job, hash, stored);
        }
        return rests;
    }

    private void measure(Transfer transfer, InfoHash hash, StoredTransfer stored) {
        InfoDictionary info = metadata.readable(hash);
        if (info == null) {
            return;
        }
        try {
            Chosen wanted = Choosing.wanted(transfer, info);
            Selection selection = transfer.selection();
            Chosen missing = selection == null
                    ? wanted
                    : wanted.without(BitSet.valueOf(selection.here().toArray()));
            long here = wanted.totalBytes() - missing.totalBytes();
            figures.put(transfer.id(), here + recalled(hash, stored).bytesOf(missing), wanted.totalBytes());
        } catch (UserException e) {
            log.debug("{} is not measured: {}", transfer.id(), e.sentence()); // it chose what there is not
        }
    }

    private Recalled recalled(InfoHash hash, StoredTransfer stored) {
        Path staging = stored.staging();
        return staging == null || !Files.exists(staging)
                ? Recalled.NOTHING
                : store.resume().of(hash).map(engine::recalled).orElse(Recalled.NOTHING);
    }
}
