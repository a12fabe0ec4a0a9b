package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.store.Removal;
import bitween.store.TorrentStore;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What of removed jobs is still to be deleted, once nobody touches it. Thread: {@code torrent}; {@link Finisher} deletes. */
final class Cleaning {
    private static final Logger log = LogManager.getLogger(Cleaning.class);

    private final Mailbox mailbox;
    private final TorrentStore store;
    private final Staging staging;
    private final Finisher finisher;
    /** By hash, what waits for it to end: the same job, wanted again. */
    private final Map<InfoHash, Runnable> under = new HashMap<>();
    /** By hash, who waits for that. */
    private final Map<InfoHash, CompletableFuture<Void>> waiting = new HashMap<>();

    Cleaning(Mailbox mailbox, TorrentStore store, Staging staging, Finisher finisher) {
        this.mailbox = mailbox;
        this.store = store;
        this.staging = staging;
        this.finisher = finisher;
    }

    /** At start: what the last process was cut off from ends here. */
    void begin() {
        for (Removal removal : store.removals()) {
            log.info("{} was removed: what is left of it goes", removal.hash());
            under.put(removal.hash(), () -> {});
            clean(removal, infoOf(removal), null);
        }
    }

    private static @Nullable InfoDictionary infoOf(Removal removal) {
        try {
            return removal.info() == null ? null : MetadataValidator.validate(removal.info(), removal.hash());
        } catch (UserException e) {
            log.warn("{}: its files stay: {}", removal.hash(), e.sentence());
            return null;
        }
    }

    /** Whether something of it is still being deleted; then {@code later} runs afterwards. */
    boolean delays(InfoHash hash, Runnable later) {
        return under.replace(hash, later) != null;
    }

    /** Completed once nothing of it is being deleted any more; fails with why some of it stays. */
    CompletableFuture<Void> whenDone(InfoHash hash) {
        return under.containsKey(hash)
                ? waiting.computeIfAbsent(hash, none -> new CompletableFuture<>())
                : CompletableFuture.completedFuture(null);
    }

    /** @return false when that is begun already */
    boolean begin(InfoHash hash) {
        return under.put(hash, () -> {}) == null;
    }

    /**
     * Cleans up once nobody touches the files.
     *
     * @param removal what there is to do, for what has become of the transfer until then
     */
    void letGo(InfoHash hash, @Nullable Job job, Transfer transfer, Consumer<Transfer> removal) {
        if (job != null && job.engine != Job.Engine.OUT) {
            staging.leave(job, () -> removal.accept(transfer));
        } else if (job != null && job.finishing) {
            job.removed = removal;
        } else {
            staging.whenOut(hash, () -> removal.accept(transfer));
        }
    }

    /** @param heir the job that takes over what grew; null: none does */
    void clean(Removal removal, @Nullable InfoDictionary info, @Nullable InfoHash heir) {
        var unused = finisher.handOver(removal, heir)
                .thenCompose(done -> finisher.clean(removal, info))
                .whenCompleteAsync((done, failure) -> onCleaned(removal, failure), mailbox);
    }

    private void onCleaned(Removal removal, @Nullable Throwable failure) {
        InfoHash hash = removal.hash();
        try {
            store.removed(hash);
        } catch (UserException e) {
            log.warn("{} is looked for again at the next start: {}", hash, e.sentence());
        }
        Objects.requireNonNull(under.remove(hash)).run();
        CompletableFuture<Void> done = waiting.remove(hash);
        if (done != null && failure == null) {
            done.complete(null);
        } else if (done != null) {
            UserException why = Failures.explain(failure);
            done.completeExceptionally(new UserException(
                    why.code(),
                    "the job is removed, but its files are not all deleted: " + why.sentence(),
                    "see what keeps them, and delete what is left in '" + removal.place() + "' yourself",
                    why));
        }
    }
}
