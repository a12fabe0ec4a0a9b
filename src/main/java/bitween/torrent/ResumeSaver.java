package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.model.InfoHash;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Saves the resume data of running jobs each 30 s while something changed, and at the stop, each row as its alert comes. Thread: {@code torrent}.
 *
 * <p>Shares need none: their pieces are all there, and what is on disk is looked at when they start.
 */
final class ResumeSaver {
    private static final Logger log = LogManager.getLogger(ResumeSaver.class);
    /** At most this much work is done again after a crash. */
    private static final Duration PERIOD = Duration.ofSeconds(30);
    /** Whoever has not answered by then keeps the old row. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final Mailbox mailbox;
    private final Timers timers;
    private final TorrentStore store;
    private final TorrentEngine engine;
    private final Figures figures;
    private final Supplier<Set<InfoHash>> running;
    private final Set<InfoHash> awaited = new HashSet<>();
    private final Timers.Timer timer;
    /** Completed when each has answered at the stop; null before the stop. */
    private @Nullable CompletableFuture<Void> stopped;

    ResumeSaver(
            Mailbox mailbox,
            Timers timers,
            TorrentStore store,
            TorrentEngine engine,
            Figures figures,
            Supplier<Set<InfoHash>> running) {
        this.mailbox = mailbox;
        this.timers = timers;
        this.store = store;
        this.engine = engine;
        this.figures = figures;
        this.running = running;
        timer = timers.every(PERIOD, mailbox, this::onPeriod);
    }

    void onResumeData(EngineEvent.ResumeData event) {
        quietly(() -> store.saveResume(event.hash(), event.data()));
        answered(event.hash());
    }

    void onResumeUnchanged(InfoHash hash) {
        answered(hash);
    }

    /** @param saved is completed when each running job has answered, or after 5 s */
    void saveAll(CompletableFuture<Void> saved) {
        stopped = saved;
        timer.cancel();
        quietly(this::saveUploaded);
        awaited.addAll(running.get());
        awaited.forEach(engine::saveResumeData);
        timers.after(LAST_WAIT, mailbox, () -> {
            if (!awaited.isEmpty()) {
                log.warn("{} jobs kept their old resume data: the engine did not answer in time", awaited.size());
            }
            saved.complete(null);
        });
        completeWhenAllAnswered();
    }

    private void onPeriod() {
        running.get().forEach(engine::saveResumeData);
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
