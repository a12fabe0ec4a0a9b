package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.model.InfoHash;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Saves the resume data of running jobs each 30 s while something changed, sooner when 64 MB came, and at the stop. Thread: {@code torrent}; {@code disk} waits
 * until what the data speak of is on the disk: a row is never ahead of the files, so that after a power failure nothing is taken for here that is not.
 *
 * <p>Shares need none: their pieces are all there, and what is on disk is looked at when they start.
 */
final class ResumeSaver {
    private static final Logger log = LogManager.getLogger(ResumeSaver.class);
    /** At most this much work is done again after a crash, or … */
    private static final Duration PERIOD = Duration.ofSeconds(30);
    /** … this much, whichever is less. */
    static final long BYTES = 64 << 20;
    /** Whoever has not answered by then keeps the old row. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final Mailbox mailbox;
    private final Timers timers;
    private final Executor disk;
    private final TorrentStore store;
    private final ResumeRows rows;
    private final TorrentEngine engine;
    private final Figures figures;
    private final JobQueue queue;
    private final Downloading downloading;
    private final Set<InfoHash> awaited = new HashSet<>();
    private final Map<InfoHash, Saved> saved = new HashMap<>();
    private final Timers.Timer timer;
    /** Completed when each has answered at the stop; null before the stop. */
    private @Nullable CompletableFuture<Void> stopped;

    /** How far a job was when its data were asked for, and since when what came is not known to be on the disk. */
    private record Saved(long bytes, Instant flushed) {}

    ResumeSaver(
            Mailbox mailbox,
            Timers timers,
            Executor disk,
            TorrentStore store,
            ResumeRows rows,
            TorrentEngine engine,
            Figures figures,
            JobQueue queue,
            Downloading downloading) {
        this.mailbox = mailbox;
        this.timers = timers;
        this.disk = disk;
        this.store = store;
        this.rows = rows;
        this.engine = engine;
        this.figures = figures;
        this.queue = queue;
        this.downloading = downloading;
        timer = timers.every(PERIOD, mailbox, this::onPeriod);
    }

    void onResumeData(EngineEvent.ResumeData event) {
        InfoHash hash = event.hash();
        Job job = queue.find(hash).orElse(null);
        Path staged = job == null ? null : job.staged;
        InfoDictionary info = job == null ? null : job.info;
        if (staged == null || info == null) {
            answered(hash); // removed meanwhile
            return;
        }
        int doubts = rows.doubts(hash);
        Instant since = saved(hash).flushed();
        var unused = CompletableFuture.supplyAsync(() -> flush(info, staged, since), disk)
                .whenCompleteAsync((begin, failure) -> onFlushed(event, doubts, begin, failure), mailbox);
    }

    private static Instant flush(InfoDictionary info, Path staged, Instant since) {
        return Flusher.flushWritten(
                info.files().stream()
                        .map(file -> Finisher.pathOf(info, staged, file))
                        .toList(),
                since);
    }

    private void onFlushed(
            EngineEvent.ResumeData event, int doubts, @Nullable Instant begin, @Nullable Throwable failure) {
        InfoHash hash = event.hash();
        if (begin != null) {
            saved.computeIfPresent(hash, (key, old) -> new Saved(old.bytes(), begin));
            quietly(() -> rows.save(hash, event.data(), doubts));
            downloading.onResumeSaved(hash);
        } else {
            downloading.onFlushFailed(
                    hash, Failures.explain(failure)); // to flush again would succeed, and mean nothing
        }
        answered(hash);
    }

    void onResumeUnchanged(InfoHash hash) {
        answered(hash);
    }

    /** @param bytes what is here of a job, pieces under way included */
    void onProgress(InfoHash hash, long bytes) {
        Saved last = saved(hash);
        if (bytes < last.bytes()) {
            saved.put(hash, new Saved(bytes, last.flushed())); // it was hashed again
        } else if (bytes - last.bytes() >= BYTES && stopped == null) {
            saved.put(hash, new Saved(bytes, last.flushed()));
            engine.saveResumeData(hash);
        }
    }

    private Saved saved(InfoHash hash) {
        return saved.computeIfAbsent(hash, key -> new Saved(0, Instant.EPOCH));
    }

    /** @param done is completed when each running job has answered, or after 5 s */
    void saveAll(CompletableFuture<Void> done) {
        stopped = done;
        timer.cancel();
        quietly(this::saveUploaded);
        awaited.addAll(queue.running());
        awaited.forEach(engine::saveResumeData);
        timers.after(LAST_WAIT, mailbox, () -> {
            if (!awaited.isEmpty()) {
                log.warn("{} jobs kept their old resume data: the engine did not answer in time", awaited.size());
            }
            done.complete(null);
        });
        completeWhenAllAnswered();
    }

    private void onPeriod() {
        Set<InfoHash> running = queue.running();
        saved.keySet().retainAll(running);
        running.forEach(engine::saveResumeData);
        quietly(this::saveUploaded);
    }

    /** While nothing is sent, nothing is written: a disk may sleep. */
    private void saveUploaded() {
        Map<TransferId, Long> sent = figures.unstoredSent();
        if (!sent.isEmpty()) {
            store.saveUploaded(sent);
            figures.stored(sent);
        }
    }

    /** What cannot be saved now is saved the next time; until then the old row does. */
    private static void quietly(Runnable save) {
        try {
            save.run();
        } catch (UserException e) {
            log.warn("resume data and totals stay as they were: {}", e.sentence());
        }
    }

    private void answered(InfoHash hash) {
        awaited.remove(hash);
        completeWhenAllAnswered();
    }

    private void completeWhenAllAnswered() {
        if (stopped != null && awaited.isEmpty()) {
            stopped.complete(null);
        }
    }
}
