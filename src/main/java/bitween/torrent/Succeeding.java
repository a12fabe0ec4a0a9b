package bitween.torrent;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.OwnFilesKept;
import bitween.model.Bytes;
import bitween.model.Transfer;
import bitween.store.SuccessionStore;
import bitween.store.TorrentStore;
import bitween.torrent.Standing.Plan;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.FileStamps;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What stands of an earlier revision, and how the newer one takes its place. Thread: {@code torrent}; reading is the {@link Hasher}'s, moving files {@link Finisher}'s.
 *
 * <p>That files are taking their places is stored before the first one does. From then on the folder is a mixture, until the last one has: whatever cuts that off, the next start
 * sees by content what stands where, and goes on.
 */
final class Succeeding {
    private static final Logger log = LogManager.getLogger(Succeeding.class);

    private final Bus bus;
    private final TorrentStore store;
    private final SuccessionStore successions;
    private final Hasher hasher;
    private final Finisher finisher;

    Succeeding(Bus bus, TorrentStore store, Hasher hasher, Finisher finisher) {
        this.bus = bus;
        this.store = store;
        successions = store.successions();
        this.hasher = hasher;
        this.finisher = finisher;
    }

    /** What stands where it is to go; what was read is known the next time. */
    CompletableFuture<Standing> look(Earlier earlier, Chosen wanted, Bytes digests, Path root) {
        FileStamps known = store.stamps(earlier.hash())
                .flatMap(stamps ->
                        FileStamps.parse(stamps, earlier.files().info().files().size()))
                .orElse(null);
        return Standing.look(hasher, finisher.executor(), earlier, wanted, digests, root, known)
                .thenApply(standing -> {
                    store.saveStamps(earlier.hash(), standing.stamps().encoded());
                    return standing;
                });
    }

    /** What came is verified, and what stands where it is to go is known; fails with CONTENT_CHANGED. Nothing is touched. */
    CompletableFuture<Standing> prove(Job job, Earlier earlier, Transfer transfer, Chosen wanted, Bytes digests) {
        return finisher.prove(transfer.id(), job.knownChosen(), job.knownStaged(), digests, job.early)
                .thenCompose(proved -> look(earlier, wanted, digests, transfer.place()));
    }

    /**
     * All files take their places.
     *
     * @return false when something that stood there is not what it was any more, and has to come
     */
    CompletableFuture<Boolean> replace(Job job, Earlier earlier, Transfer transfer, Chosen wanted, Standing standing) {
        Chosen came = job.knownChosen();
        Path staged = job.knownStaged();
        return CompletableFuture.supplyAsync(
                () -> replace(transfer, earlier, standing, wanted, came, staged), finisher.executor());
    }

    private boolean replace(
            Transfer transfer, Earlier earlier, Standing standing, Chosen wanted, Chosen came, Path staged) {
        Plan plan = standing.plan(came.numbers());
        BitSet known = plan.inPlace();
        known.or(came.numbers());
        Replacing replacing = new Replacing(earlier, standing, plan, wanted, staged);
        boolean whole = wanted.without(known).files().isEmpty();
        if (whole) {
            successions.placing(transfer.id(), true);
            try {
                whole = replacing.run();
            } finally {
                tell(transfer, replacing.kept());
            }
        }
        if (!whole) {
            log.info("{}: files were changed or removed here meanwhile, and come, too", transfer.hash());
            successions.placing(transfer.id(), false);
            return false;
        }
        remember(transfer.place(), wanted);
        Places.clear(staged);
        return true;
    }

    private void tell(Transfer transfer, List<Path> kept) {
        if (!kept.isEmpty()) {
            log.warn("{}: what was changed here stays beside what came: {}", transfer.hash(), kept.size());
            bus.publish(new OwnFilesKept(transfer, kept));
        }
    }

    /** So that the next revision need not read all that stands there. */
    private void remember(Path place, Chosen wanted) {
        InfoDictionary info = wanted.info();
        BitSet others = Chosen.all(info).without(wanted.numbers()).numbers();
        FileStamps now =
                FilesLook.at(info.folder(), info.files(), place, null).now().refuted(others);
        store.saveStamps(info.hash(), now.encoded());
    }
}
