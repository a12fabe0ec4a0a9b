package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.Document;
import bitween.model.ErrorCode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs from the last byte to COMPLETE, and back when what is on disk is not what its owner hashed. Thread: {@code torrent}; reading and moving files is
 * {@link Finisher}'s.
 *
 * <p>There are two proofs: the engine hashed each piece, and each file fits its digest. Where they differ, the pieces are hashed again from the disk; if
 * they are right, the digests are wrong, and another source is asked for its own. Where there are no digests, this process must have hashed the pieces.
 */
final class Completing {
    private static final Logger log = LogManager.getLogger(Completing.class);

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final JobQueue queue;
    private final OwnerDigests ownerDigests;
    private final Staging staging;
    private final Finisher finisher;
    private final Succeeding succeeding;
    private final Figures figures;
    private final Clock clock;
    private final Choosing choosing;
    private final Sharing sharing;
    private final Consumer<Transfer> offeringAgain;
    private final Consumer<Transfer> goingOn;
    /** What begins once the files of a share are not read any more. */
    private final List<Runnable> waiting = new ArrayList<>();

    /**
     * @param sharing makes a share of what is complete and for somebody
     * @param offeringAgain looks at the files of a share whose place was not taken after all, and offers it
     * @param goingOn begins what is not complete after all
     */
    Completing(
            Mailbox mailbox,
            Transfers transfers,
            JobQueue queue,
            OwnerDigests ownerDigests,
            Staging staging,
            Finisher finisher,
            Succeeding succeeding,
            Figures figures,
            Clock clock,
            Choosing choosing,
            Sharing sharing,
            Consumer<Transfer> offeringAgain,
            Consumer<Transfer> goingOn) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.queue = queue;
        this.ownerDigests = ownerDigests;
        this.staging = staging;
        this.finisher = finisher;
        this.succeeding = succeeding;
        this.figures = figures;
        this.clock = clock;
        this.choosing = choosing;
        this.sharing = sharing;
        this.offeringAgain = offeringAgain;
        this.goingOn = goingOn;
    }

    /** The engine has let go of the files: compares them with the owner's digests, and moves them into place. */
    void finish(Job job) {
        job.engine = Job.Engine.OUT;
        Transfer transfer = transfers.get(job.id);
        withDigests(job, transfer, digests -> {
            if (digests.isEmpty() && job.recalled) {
                log.info("{} is hashed again: an earlier run wrote some of it, and there are no digests", job.hash);
                staging.launch(job, Torrent.Start.CHECK);
            } else if (job.earlier != null) {
                settle(job, transfer, job.earlier, digests);
            } else {
                compare(job, transfer, digests);
            }
        });
    }

    /** What came takes the place of an earlier revision. */
    private void settle(Job job, Transfer transfer, Earlier earlier, Optional<Document> digests) {
        if (digests.isEmpty()) {
            throw new UserException(
                    ErrorCode.CONTENT_CHANGED,
                    "nobody has digests of it that are right",
                    "ask the owner to share it again, or try: bitween recheck NAME");
        }
        queue.state(job, TransferState.VERIFYING);
        job.finishing = true;
        Chosen wanted = Choosing.wanted(transfer, job.knownInfo());
        var unused = succeeding
                .prove(job, earlier, transfer, wanted, digests.get().content())
                .whenCompleteAsync(
                        (standing, failure) -> queue.step(
                                job, () -> onProved(job, transfer, earlier, wanted, digests, standing, failure)),
                        mailbox);
    }

    /** While its files change, nobody gets any of what was there before. */
    private void onProved(
            Job job,
            Transfer transfer,
            Earlier earlier,
            Chosen wanted,
            Optional<Document> digests,
            @Nullable Standing standing,
            @Nullable Throwable failure) {
        if (isRemoved(job, transfer) || queue.isStopping()) {
            return;
        }
        if (standing == null) {
            doubt(job, transfer, digests, Failures.explain(failure));
            return;
        }
        job.finishing = true;
        Runnable replacing = () -> queue.step(job, () -> replace(job, transfer, earlier, wanted, digests, standing));
        inItsPlace(job, transfer, earlier, replacing);
    }

    /** Once nobody reads its files, and the engine has let go of them. */
    private void inItsPlace(Job job, Transfer transfer, Earlier earlier, Runnable replacing) {
        if (job.removed != null) {
            queue.step(job, () -> isRemoved(job, transfer)); // the share has not given way, and need not be looked at
            return;
        }
        TransferId id = earlier.id();
        boolean busy = id != null
                && transfers
                        .find(id)
                        .filter(share -> !share.isSettled() && !share.isPausedByUser())
                        .isPresent();
        if (busy) {
            waiting.add(() -> inItsPlace(job, transfer, earlier, replacing));
        } else if (id != null && sharing.giveWay(id)) {
            staging.leave(earlier.hash(), replacing);
        } else {
            replacing.run();
        }
    }

    /** Once a second. */
    void onTick() {
        List<Runnable> again = List.copyOf(waiting);
        waiting.clear();
        again.forEach(Runnable::run);
    }

    private void replace(
            Job job, Transfer transfer, Earlier earlier, Chosen wanted, Optional<Document> digests, Standing standing) {
        if (isRemoved(job, transfer) || queue.isStopping()) {
            giveWayNoMore(earlier);
            return;
        }
        job.finishing = true;
        var unused = succeeding
                .replace(job, earlier, transfer, wanted, standing)
                .whenCompleteAsync(
                        (whole, failure) -> queue.step(job, () -> {
                            try {
                                onSettled(job, transfer, digests, whole, failure);
                            } finally {
                                giveWayNoMore(earlier); // it is forgotten when all went well
                            }
                        }),
                        mailbox);
    }

    private void giveWayNoMore(Earlier earlier) {
        TransferId id = earlier.id();
        if (id != null && !queue.isStopping()) {
            sharing.giveWayNoMore(id).ifPresent(offeringAgain);
        }
    }

    private void onSettled(
            Job job,
            Transfer transfer,
            Optional<Document> digests,
            @Nullable Boolean whole,
            @Nullable Throwable failure) {
        Transfer now = Boolean.TRUE.equals(whole) ? completed(job, transfer, transfer.place()) : transfer;
        if (isRemoved(job, now)) {
            return;
        }
        if (whole == null) {
            if (!queue.isStopping()) {
                doubt(job, transfer, digests, Failures.explain(failure));
            }
        } else if (whole) {
            complete(job, now);
        } else if (!queue.isStopping()) {
            queue.remove(job);
            goingOn.accept(transfers.put(now(job, transfer).with(TransferState.WAITING_FOR_FRIEND)));
        }
    }

    /** What was said of it while its files were read holds. */
    private Transfer now(Job job, Transfer before) {
        return transfers.find(job.id).orElse(before);
    }

    /** Compares files that were complete with their digests, where they stand; without digests the engine looks at them. */
    Transfer recheck(Transfer transfer, InfoDictionary info) {
        Job job = queue.add(transfer.id(), info.hash());
        job.needs(Choosing.wanted(transfer, info), 0);
        Transfer verifying = transfers.put(transfer.with(TransferState.VERIFYING));
        withDigests(job, verifying, digests -> {
            if (digests.isPresent()) {
                compareInPlace(job, verifying, digests.get());
            } else if (verifying.selection() != null) {
                fetchAgain(job, verifying, job.knownChosen().numbers());
            } else {
                checkAgain(job, verifying, digests);
            }
        });
        return verifying;
    }

    private void withDigests(Job job, Transfer transfer, Consumer<Optional<Document>> then) {
        job.finishing = true;
        var unused = ownerDigests
                .of(job)
                .thenAcceptAsync(
                        digests -> queue.step(job, () -> {
                            if (!isRemoved(job, transfer) && !queue.isStopping()) {
                                then.accept(digests);
                            }
                        }),
                        mailbox);
    }

    private void compare(Job job, Transfer transfer, Optional<Document> digests) {
        job.finishing = true;
        var unused = finisher.finish(
                        transfer,
                        job.knownChosen(),
                        job.knownStaged(),
                        transfers.isOnly(job.id, transfer.place()),
                        digests.map(Document::content),
                        job.early)
                .whenCompleteAsync(
                        (place, failure) -> queue.step(job, () -> onCompared(job, transfer, digests, place, failure)),
                        mailbox);
    }

    private void onCompared(
            Job job, Transfer transfer, Optional<Document> digests, @Nullable Path place, @Nullable Throwable failure) {
        Transfer now = place == null ? transfer : completed(job, transfer, place);
        if (isRemoved(job, now)) {
            return;
        }
        if (place != null) {
            complete(job, now);
        } else if (!queue.isStopping()) {
            doubt(job, transfer, digests, Failures.explain(failure));
        }
    }

    private void compareInPlace(Job job, Transfer transfer, Document digests) {
        job.finishing = true;
        var unused = finisher.verify(transfer.id(), job.knownChosen(), transfer.place(), digests.content())
                .whenCompleteAsync(
                        (right, failure) -> queue.step(job, () -> onComparedInPlace(job, transfer, digests, failure)),
                        mailbox);
    }

    private void onComparedInPlace(Job job, Transfer transfer, Document digests, @Nullable Throwable failure) {
        if (isRemoved(job, transfer)) {
            return;
        }
        if (failure == null) {
            complete(job, completed(job, transfer, transfer.place()));
        } else if (!queue.isStopping()) {
            UserException why = Failures.explain(failure);
            if (why.code() != ErrorCode.CONTENT_CHANGED) {
                throw why;
            }
            log.warn("{} is not what its owner hashed any more: {}", job.hash, why.sentence());
            if (transfer.selection() == null) {
                checkAgain(job, transfer, Optional.of(digests));
            } else {
                findWrong(job, transfer, digests);
            }
        }
    }

    private void findWrong(Job job, Transfer transfer, Document digests) {
        job.finishing = true;
        var unused = finisher.differing(
                        transfer.id(),
                        job.knownInfo(),
                        transfer.place(),
                        digests.content(),
                        job.knownChosen().numbers())
                .whenCompleteAsync(
                        (wrong, failure) -> queue.step(job, () -> {
                            if (isRemoved(job, transfer) || queue.isStopping()) {
                                return;
                            }
                            if (wrong == null) {
                                throw Failures.explain(failure);
                            }
                            fetchAgain(job, transfer, wrong);
                        }),
                        mailbox);
    }

    /** Of a share that is not here whole, files come anew beside what stands there, which may be among files that are somebody else's. */
    private void fetchAgain(Job job, Transfer transfer, BitSet wrong) {
        queue.remove(job);
        Chosen wanted = job.knownChosen();
        goingOn.accept(choosing.lost(now(job, transfer), wanted, wrong));
    }

    /** Whoever removed it meanwhile has left word what to do with its files now. */
    boolean isRemoved(Job job, Transfer now) {
        job.finishing = false;
        if (job.removed == null) {
            return false;
        }
        job.removed.accept(now);
        return true;
    }

    /** Files that were in place go back to where the engine may write; it fetches what is wrong. */
    private void checkAgain(Job job, Transfer transfer, Optional<Document> digests) {
        InfoDictionary info = job.knownInfo();
        Places.moveBack(transfer.place(), job.hash, info.name());
        job.staged = staging.create(transfer, job);
        job.checked = true;
        if (job.knownChosen().totalBytes() == 0) {
            compare(job, transfer, digests); // nothing that the engine could look at
        } else {
            staging.launch(job, Torrent.Start.CHECK);
        }
    }

    /** What is wrong on disk is fetched again, once; then the pieces are right, and it is the digests. */
    private void doubt(Job job, Transfer transfer, Optional<Document> digests, UserException why) {
        if (why.code() != ErrorCode.CONTENT_CHANGED || digests.isEmpty()) {
            throw why;
        }
        if (!job.checked && job.knownChosen().totalBytes() > 0) {
            log.warn("{} is not what its owner hashed, looking again: {}", job.hash, why.sentence());
            job.checked = true;
            staging.launch(job, Torrent.Start.CHECK);
        } else if (ownerDigests.refute(job, digests.get())) {
            withDigests(job, transfer, others -> {
                if (others.isPresent() && job.earlier != null) {
                    settle(job, transfer, job.earlier, others);
                } else if (others.isPresent()) {
                    compare(job, transfer, others);
                } else {
                    giveUp(job, transfer, why);
                }
            });
        } else {
            giveUp(job, transfer, why);
        }
    }

    /** Right by its pieces, and wrong by all digests there are. What was complete before does not stay hidden for that. */
    private void giveUp(Job job, Transfer transfer, UserException why) {
        Transfer left = now(job, transfer);
        if (transfer.finished() != null && transfer.selection() == null) {
            left = named(left, Places.moveInPlace(job.knownStaged(), transfer.place()));
            staging.finished(job.id, job.hash);
        }
        queue.fail(
                job,
                left,
                new UserException(
                        why.code(), why.sentence() + ", though every piece of them is right", why.hint(), why));
    }

    /** More may be wanted than when it was compared, and for more people. */
    Transfer completed(Job job, Transfer transfer, Path place) {
        return Choosing.ended(named(now(job, transfer), place), job.knownChosen(), clock.instant());
    }

    private static Transfer named(Transfer transfer, Path place) {
        return transfer.named(Objects.requireNonNull(place.getFileName()).toString(), place);
    }

    void complete(Job job, Transfer complete) {
        Transfer done;
        try {
            done = job.earlier == null ? transfers.put(complete) : transfers.succeed(complete, job.knownChosen());
        } catch (UserException e) {
            queue.fail(job, complete, e); // its files are in place, and a recheck will find them there
            return;
        }
        queue.remove(job);
        queue.promote();
        staging.finished(job.id, job.hash);
        if (complete.state() != TransferState.COMPLETE) {
            staging.forget(job.hash);
            goingOn.accept(done);
            return;
        }
        long bytes = done.wantedBytes();
        figures.put(job.id, bytes, bytes);
        figures.publish();
        log.info("{} complete: {} bytes", job.hash, bytes);
        if (done.state() == TransferState.COMPLETE && !done.audience().isEmpty() && done.selection() == null) {
            sharing.takeOver(done);
        }
    }
}
