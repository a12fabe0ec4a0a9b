package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs from the last byte to COMPLETE, and back when what is on disk is not what its owner hashed. Thread: {@code torrent}; reading and moving files is
 * {@link Finisher}'s.
 */
final class Completing {
    private static final Logger log = LogManager.getLogger(Completing.class);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Transfers transfers;
    private final JobQueue queue;
    private final Staging staging;
    private final Finisher finisher;
    private final Figures figures;
    private final Clock clock;

    Completing(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            JobQueue queue,
            Staging staging,
            Finisher finisher,
            Figures figures,
            Clock clock) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.queue = queue;
        this.staging = staging;
        this.finisher = finisher;
        this.figures = figures;
        this.clock = clock;
    }

    /** The engine has let go of the files: compares them with the owner's digests, and moves them into place. */
    void finish(Job job) {
        job.engine = Job.Engine.OUT;
        job.finishing = true;
        Transfer transfer = transfers.get(job.id);
        var unused = finisher.finish(transfer, job.knownInfo(), job.knownStaged(), digests(job))
                .whenCompleteAsync(
                        (place, failure) -> queue.step(job, () -> onFinished(job, transfer, place, failure)), mailbox);
    }

    /** Compares files that were complete with their digests, where they stand. */
    Transfer recheck(Transfer transfer, InfoDictionary info) {
        Job job = queue.add(transfer.id(), info.hash());
        job.info = info;
        Transfer verifying = transfers.put(transfer.with(TransferState.VERIFYING));
        job.finishing = true;
        var unused = finisher.verify(transfer.id(), info, transfer.place(), digests(job))
                .whenCompleteAsync(
                        (right, failure) -> queue.step(job, () -> onRechecked(job, verifying, failure)), mailbox);
        return verifying;
    }

    /** Asks for the owner's digests beside the download, while the owner is there; the store keeps them. */
    void askDigests(Job job) {
        job.digestsAsked = bus.ask(new FetchDocument(job.hash, PageQuery.Kind.DIGESTS))
                .handle((bytes, failure) -> failure == null);
    }

    private CompletableFuture<Bytes> digests(Job job) {
        return job.digestsAsked.thenCompose(asked -> bus.ask(new FetchDocument(job.hash, PageQuery.Kind.DIGESTS)));
    }

    private void onFinished(Job job, Transfer transfer, @Nullable Path place, @Nullable Throwable failure) {
        job.finishing = false;
        if (job.removed != null) {
            job.removed.accept(place == null ? transfer : completed(transfer, place));
        } else if (place != null) {
            complete(job, completed(transfer, place));
        } else if (!queue.isStopping()) {
            repair(job, Failures.explain(failure));
        }
    }

    private void onRechecked(Job job, Transfer transfer, @Nullable Throwable failure) {
        job.finishing = false;
        if (job.removed != null) {
            job.removed.accept(transfer);
        } else if (failure == null) {
            complete(job, completed(transfer, transfer.place()));
        } else if (!queue.isStopping()) {
            UserException why = Failures.explain(failure);
            if (why.code() == ErrorCode.CONTENT_CHANGED) {
                takeBack(job, transfer);
            }
            repair(job, why);
        }
    }

    private Transfer completed(Transfer transfer, Path place) {
        return transfer.named(Objects.requireNonNull(place.getFileName()).toString(), place)
                .completed(clock.instant());
    }

    private void complete(Job job, Transfer done) {
        try {
            transfers.put(done);
        } catch (UserException e) {
            queue.fail(job, done, e); // its files are in place, and a recheck will find them there
            return;
        }
        queue.remove(job);
        queue.promote();
        long bytes = job.knownInfo().totalBytes();
        figures.put(job.id, bytes, bytes);
        figures.publish();
        log.info("{} complete: {} bytes", job.hash, bytes);
        staging.finished(job.id, job.hash);
    }

    /** Files that were in place go back to where the engine may write. */
    private void takeBack(Job job, Transfer transfer) {
        Path staged = staging.create(transfer, job.hash, job.knownInfo());
        job.staged = staged;
        if (Files.exists(transfer.place())) {
            Places.deleteTree(staged);
            Places.move(transfer.place(), staged);
        }
    }

    /** What is wrong on disk is fetched again, once; then it is the disk or the owner. */
    private void repair(Job job, UserException why) {
        if (why.code() == ErrorCode.CONTENT_CHANGED && !job.repaired) {
            log.warn("{} is not what its owner hashed, looking again: {}", job.hash, why.sentence());
            job.repaired = true;
            staging.launch(job, Torrent.Start.CHECK);
        } else {
            queue.fail(job, why);
        }
    }
}
