package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Jobs that rest because their user says so, and what lets these and those that pause for their disk go on. Thread: {@code torrent}. */
final class Resting {
    private static final Logger log = LogManager.getLogger(Resting.class);
    /** What is to be verified or moved does so soon. */
    private static final Set<Job.Engine> ENDING = EnumSet.of(Job.Engine.SAVING, Job.Engine.LEAVING);

    private final Transfers transfers;
    private final JobQueue queue;
    private final Pauses pauses;
    private final FolderMarks marks;
    private final Consumer<Transfer> retry;
    private final Clock clock;

    /** @param retry begins a job anew with what is there */
    Resting(
            Transfers transfers,
            JobQueue queue,
            Pauses pauses,
            FolderMarks marks,
            Consumer<Transfer> retry,
            Clock clock) {
        this.transfers = transfers;
        this.queue = queue;
        this.pauses = pauses;
        this.marks = marks;
        this.retry = retry;
        this.clock = clock;
    }

    /** @throws UserException BAD_ARGUMENT: there is nothing that could rest; BUSY: it is on its last steps */
    Transfer pause(Transfer transfer) {
        Job job = queue.find(Objects.requireNonNull(transfer.hash(), "a job has a hash"))
                .orElse(null);
        if (transfer.isPausedByUser()) {
            return transfer;
        }
        if (transfer.state() == TransferState.COMPLETE || transfer.state() == TransferState.FAILED) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + transfer.name() + "' is "
                            + (transfer.state() == TransferState.COMPLETE ? "complete" : "at an end"),
                    "there is nothing to pause");
        }
        if (job != null && (job.finishing || ENDING.contains(job.engine))) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "the files of '" + transfer.name() + "' are being compared, copied or moved",
                    "that takes no network; try again when it is over");
        }
        Transfer paused = transfers.put(transfer.paused(byUser(clock)));
        log.info("{} paused", transfer.hash());
        if (job != null) {
            queue.rest(job, ErrorCode.PAUSED_BY_USER);
        }
        queue.promote();
        return paused;
    }

    /** Why it rests that its user let rest. */
    static Failure byUser(Clock clock) {
        var why = new UserException(ErrorCode.PAUSED_BY_USER, "you paused it", "it goes on with: bitween resume NAME");
        return Failure.of(why, clock.instant());
    }

    /** What rests or failed goes on, whatever its disk was like when it was looked at last. */
    Transfer resume(Transfer transfer) {
        if (transfer.state() == TransferState.FAILED) {
            retry.accept(transfer);
        }
        if (transfer.state() == TransferState.PAUSED) {
            pauses.forget(transfer.id());
            marks.renew(transfer);
            tryAgain(transfer);
        }
        return transfers.get(transfer.id());
    }

    /** What paused is tried again. */
    void tryAgain(Transfer transfer) {
        log.info("{} goes on", transfer.hash());
        if (!transfer.isPausedByUser()) {
            pauses.wentOn(transfer);
        }
        queue.find(Objects.requireNonNull(transfer.hash(), "a job has a hash"))
                .ifPresentOrElse(job -> queue.step(job, () -> queue.enqueue(job)), () -> retry.accept(transfer));
    }
}
