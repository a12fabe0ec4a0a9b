package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.Document;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.Succession;
import bitween.store.TorrentStore;
import bitween.torrent.Standing.Plan;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that get a newer revision of what stands here: what of it is there already, whatever it is called now, does not come again, and of a file that changed only the pieces that
 * did. Where such a job grows there are but copies: what stands at its place is touched by nobody before all has come. Thread: {@code torrent}.
 */
final class Inheriting {
    private static final Logger log = LogManager.getLogger(Inheriting.class);

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final JobQueue queue;
    private final OwnerDigests ownerDigests;
    private final Staging staging;
    private final Finisher finisher;
    private final Succeeding succeeding;
    private final Completing completing;

    Inheriting(
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            JobQueue queue,
            OwnerDigests ownerDigests,
            Staging staging,
            Finisher finisher,
            Succeeding succeeding,
            Completing completing) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.queue = queue;
        this.ownerDigests = ownerDigests;
        this.staging = staging;
        this.finisher = finisher;
        this.succeeding = succeeding;
        this.completing = completing;
    }

    /**
     * Its metadata are here.
     *
     * @return false when it takes nobody's place, and is a job like any other
     * @throws UserException NOTHING_FITS
     */
    boolean begin(Job job, InfoDictionary info) {
        Succession stored = store.successions().of(job.id).orElse(null);
        if (stored == null) {
            return false;
        }
        Earlier earlier = Earlier.of(stored);
        Transfer transfer = transfers.get(job.id);
        if (earlier.files().info().folder() != info.folder()) {
            log.info("{} is not what stood there before, a file or a folder: it gets a place of its own", job.hash);
            store.successions().forget(job.id);
            return false;
        }
        Chosen wanted = Choosing.wanted(transfer, info);
        job.needs(wanted, 0);
        job.earlier = earlier;
        Share share = new Share(
                info.name(),
                job.hash,
                info.contentId(),
                info.totalBytes(),
                info.files().size());
        Transfer known = transfers.put(
                (transfer.share() == null ? transfer.with(share) : transfer).with(TransferState.VERIFYING));
        job.finishing = true;
        var unused = ownerDigests
                .of(job)
                .thenComposeAsync(digests -> look(known, earlier, wanted, digests), mailbox)
                .whenCompleteAsync(
                        (standing, failure) -> queue.step(job, () -> onLooked(job, known, wanted, standing, failure)),
                        mailbox);
        return true;
    }

    /** Only digests tell what is here already: without, it waits for who has them. */
    private CompletableFuture<Standing> look(
            Transfer transfer, Earlier earlier, Chosen wanted, Optional<Document> digests) {
        return digests.isEmpty()
                ? CompletableFuture.failedFuture(
                        new UserException(ErrorCode.FRIEND_OFFLINE, "nobody is there who has the digests", ""))
                : succeeding.look(earlier, wanted, digests.get().content(), transfer.place());
    }

    private void onLooked(
            Job job, Transfer transfer, Chosen wanted, @Nullable Standing standing, @Nullable Throwable failure) {
        if (completing.isRemoved(job, transfer) || queue.isStopping()) {
            return;
        }
        if (standing != null) {
            begin(job, transfers.get(job.id), wanted, standing, standing.plan(new BitSet()));
            return;
        }
        UserException why = Failures.explain(failure);
        if (why.code() != ErrorCode.FRIEND_OFFLINE) {
            throw why;
        }
        job.info = null;
        queue.postpone(job, why, Metadata.RETRY_SECONDS);
    }

    private void begin(Job job, Transfer transfer, Chosen wanted, Standing standing, Plan plan) {
        Chosen needed = wanted.without(plan.inPlace());
        job.needs(needed, wanted.totalBytes() - needed.totalBytes());
        Selection before = transfer.selection();
        List<Choice> choices = before == null ? List.of(Choice.ALL) : before.choices();
        Transfer measured = transfers.put(transfer.choosing(
                before == null && plan.inPlace().isEmpty()
                        ? null
                        : Choosing.measured(choices, plan.inPlace(), wanted)));
        log.info(
                "{}: {} of {} files are here, {} of them elsewhere",
                job.hash,
                plan.inPlace().cardinality(),
                wanted.files().size(),
                plan.moved().size());
        Path staged = staging.create(measured, job);
        job.staged = staged;
        if (needed.totalBytes() == 0 || job.knownEarlier().placing()) {
            completing.finish(job); // if not all that had come is still there, it is looked at by the engine then
            return;
        }
        job.finishing = true;
        queue.state(job, TransferState.DOWNLOADING); // it takes a turn as one that downloads does
        var unused = CompletableFuture.supplyAsync(() -> copy(job, standing, plan, staged), finisher.executor())
                .whenComplete((bytes, why) -> finisher.copied(job.id, null))
                .whenCompleteAsync((bytes, why) -> queue.step(job, () -> onCopied(job, measured, bytes, why)), mailbox);
    }

    private long copy(Job job, Standing standing, Plan plan, Path staged) {
        InfoDictionary info = job.knownInfo();
        Path half = staged.resolveSibling(info.name() + ".copy");
        long copied = 0;
        for (var beginning : plan.beginnings().entrySet()) {
            Path to = Finisher.resolve(staged, Earlier.pathOf(info, beginning.getKey()));
            long size = info.files().get(beginning.getKey()).sizeBytes();
            long before = copied;
            copied += Existing.copyOnce(
                    standing.at(beginning.getValue()),
                    half,
                    to,
                    size,
                    () -> !queue.isStopping(),
                    done -> finisher.copied(job.id, before + done));
        }
        return copied;
    }

    private void onCopied(Job job, Transfer transfer, @Nullable Long bytes, @Nullable Throwable failure) {
        if (completing.isRemoved(job, transfer) || queue.isStopping()) {
            return;
        }
        if (bytes == null) {
            throw Failures.explain(failure);
        }
        job.unchecked = bytes > 0;
        queue.enqueue(job);
    }
}
