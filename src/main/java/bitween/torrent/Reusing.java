package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.Document;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs for which some of the content stands already where they are to go. All of it, right to the last byte: the job is complete where it stands. Else it is
 * copied to where the job grows, and the engine fetches what is missing or wrong. Thread: {@code torrent}; {@link Finisher}'s reads and copies.
 */
final class Reusing {
    private static final Logger log = LogManager.getLogger(Reusing.class);

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final JobQueue queue;
    private final OwnerDigests ownerDigests;
    private final Staging staging;
    private final Finisher finisher;
    private final Completing completing;

    Reusing(
            Mailbox mailbox,
            Transfers transfers,
            JobQueue queue,
            OwnerDigests ownerDigests,
            Staging staging,
            Finisher finisher,
            Completing completing) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.queue = queue;
        this.ownerDigests = ownerDigests;
        this.staging = staging;
        this.finisher = finisher;
        this.completing = completing;
    }

    /** Where a job goes: to what stands there already, if that holds some of it and is no other transfer's; else to a name that is free. */
    Path choose(Job job, Path wanted) {
        return Existing.at(wanted, job.knownChosen()).isPresent() && transfers.isOnly(job.id, wanted)
                ? wanted
                : Places.free(Places.parentOf(wanted), wanted.getFileName().toString());
    }

    /** Queues the job, with what stands at {@code wanted} of it; or completes it there. */
    void enqueue(Job job, Path wanted) {
        Optional<Existing> found = Existing.at(wanted, job.knownChosen());
        if (found.isEmpty()) {
            queue.enqueue(job);
            return;
        }
        Transfer transfer = transfers.get(job.id);
        Path begun = Places.staging(Places.parentOf(transfer.place()), job.hash);
        if (transfer.place().equals(wanted) && !Files.exists(begun)) {
            queue.state(job, TransferState.VERIFYING);
            isHere(job, transfer, found.get());
        } else {
            copy(job, transfer, found.get());
        }
    }

    private void isHere(Job job, Transfer transfer, Existing found) {
        job.finishing = true;
        var unused = CompletableFuture.supplyAsync(found::isWhole, finisher.executor())
                .thenComposeAsync(
                        whole -> whole ? ownerDigests.of(job) : CompletableFuture.completedFuture(Optional.empty()),
                        mailbox)
                .thenCompose(digests -> isHere(job, found, digests))
                .whenCompleteAsync(
                        (here, failure) -> queue.step(job, () -> onLooked(job, transfer, found, here, failure)),
                        mailbox);
    }

    private CompletableFuture<Boolean> isHere(Job job, Existing found, Optional<Document> digests) {
        return digests.isEmpty()
                ? CompletableFuture.completedFuture(false)
                : finisher.isHere(
                        job.id, job.knownChosen(), found.root(), digests.get().content());
    }

    private void onLooked(
            Job job, Transfer transfer, Existing found, @Nullable Boolean here, @Nullable Throwable failure) {
        if (completing.isRemoved(job, transfer) || queue.isStopping()) {
            return;
        }
        if (here == null) {
            throw Failures.explain(failure);
        }
        if (here) {
            log.info("{} is here already: {}", job.hash, found.root());
            completing.complete(job, completing.completed(job, transfer, found.root()));
        } else {
            copy(job, transfer, found);
        }
    }

    private void copy(Job job, Transfer transfer, Existing found) {
        Path staged = staging.create(transfer, job);
        job.staged = staged;
        job.finishing = true;
        queue.state(job, TransferState.DOWNLOADING); // it takes a turn as one that downloads does
        var unused = CompletableFuture.supplyAsync(
                        () -> found.copyInto(
                                staged, () -> !queue.isStopping(), bytes -> finisher.copied(job.id, bytes)),
                        finisher.executor())
                .whenComplete((bytes, failure) -> finisher.copied(job.id, null))
                .whenCompleteAsync(
                        (bytes, failure) -> queue.step(job, () -> onCopied(job, transfer, bytes, failure)), mailbox);
    }

    private void onCopied(Job job, Transfer transfer, @Nullable Long bytes, @Nullable Throwable failure) {
        if (completing.isRemoved(job, transfer) || queue.isStopping()) {
            return;
        }
        if (bytes == null) {
            throw Failures.explain(failure);
        }
        log.info("{}: {} bytes stood there already", job.hash, bytes);
        job.unchecked = bytes > 0;
        queue.enqueue(job);
    }
}
