package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the disks that jobs write to: lets a job pause before its disk is full or when it is gone, and go on once that is over. Thread: {@code torrent}
 * asks; {@code looks} waits for the disks, which may take long to answer.
 */
final class DiskWatch {
    private static final Logger log = LogManager.getLogger(DiskWatch.class);
    /** A look at what rests writes to its disk, which may sleep otherwise. */
    private static final int LOOK_SECONDS = 5;

    private final Mailbox mailbox;
    private final Executor looks;
    private final Transfers transfers;
    private final JobQueue queue;
    private final Pauses pauses;
    private final Room room;
    private final FolderMarks marks;
    private final Consumer<Transfer> goOn;
    private boolean looking;
    private int ticks;

    /** What to look at, of a job. {@code bytes}: of all its files; {@code rests}: it has paused, and is to go on. */
    private record Look(TransferId id, FolderMarks.Mark mark, long bytes, boolean rests) {}

    /** @param goOn tries again what has paused */
    DiskWatch(
            Mailbox mailbox,
            Executor looks,
            Transfers transfers,
            JobQueue queue,
            Pauses pauses,
            Room room,
            FolderMarks marks,
            Consumer<Transfer> goOn) {
        this.mailbox = mailbox;
        this.looks = looks;
        this.transfers = transfers;
        this.queue = queue;
        this.pauses = pauses;
        this.room = room;
        this.marks = marks;
        this.goOn = goOn;
    }

    /** Once a second. */
    void onTick() {
        pauses.onTick();
        ticks++;
        if (looking || queue.isStopping()) {
            return;
        }
        List<Look> wanted = new ArrayList<>();
        queue.all().stream()
                .filter(job -> job.engine == Job.Engine.RUNNING)
                .flatMap(job -> transfers.find(job.id).stream())
                .forEach(transfer -> wanted.add(look(transfer, false)));
        if (ticks % LOOK_SECONDS == 0) {
            transfers.all().stream()
                    .filter(DiskWatch::restsByItself)
                    .filter(pauses::isDue)
                    .forEach(transfer -> wanted.add(look(transfer, true)));
        }
        if (!wanted.isEmpty()) {
            looking = true;
            var unused = CompletableFuture.supplyAsync(() -> lookAt(wanted), looks)
                    .whenCompleteAsync(this::onLooked, mailbox);
        }
    }

    private static boolean restsByItself(Transfer transfer) {
        return transfer.state() == TransferState.PAUSED && !transfer.isPausedByUser();
    }

    private Look look(Transfer transfer, boolean rests) {
        long bytes = transfer.finished() != null ? 0 : transfer.wantedBytes();
        FolderMarks.Mark mark = marks.of(transfer, Objects.requireNonNull(transfer.hash(), "a job has a hash"));
        return new Look(transfer.id(), mark, bytes, rests);
    }

    /** @return what keeps each from its disk; empty: nothing does */
    private Map<Look, Optional<UserException>> lookAt(List<Look> wanted) {
        Map<Look, Optional<UserException>> found = new LinkedHashMap<>();
        wanted.forEach(look -> {
            try {
                check(look);
                found.put(look, Optional.empty());
            } catch (UserException e) {
                found.put(look, Optional.of(e));
            }
        });
        return found;
    }

    private void check(Look look) {
        look.mark().check();
        boolean staged = Files.isDirectory(look.mark().staging());
        if (look.rests()) {
            room.checkAgain(look.mark().directory(), staged ? 0 : look.bytes());
            Places.checkWritable(look.mark().directory());
        } else if (staged) {
            room.check(look.mark().directory(), 0);
        } else {
            throw FolderMarks.gone(look.mark().staging());
        }
    }

    private void onLooked(@Nullable Map<Look, Optional<UserException>> found, @Nullable Throwable failure) {
        looking = false;
        if (found == null) {
            log.error(
                    "the disks are not looked at: {}", Failures.explain(failure).sentence(), failure);
            return;
        }
        if (!queue.isStopping()) {
            found.forEach((look, trouble) ->
                    transfers.find(look.id()).ifPresent(transfer -> onLooked(look, transfer, trouble.orElse(null))));
        }
    }

    private void goOn(Transfer transfer) {
        try {
            goOn.accept(transfer);
        } catch (UserException e) {
            queue.end(transfer, e);
        }
    }

    private void onLooked(Look look, Transfer transfer, @Nullable UserException trouble) {
        if (!look.rests()) {
            if (trouble != null && transfer.hash() != null) {
                queue.find(transfer.hash())
                        .filter(job -> job.engine == Job.Engine.RUNNING)
                        .ifPresent(job -> queue.fail(job, trouble));
            }
        } else if (restsByItself(transfer)) {
            if (trouble == null) {
                goOn(transfer);
            } else if (transfer.failure() == null
                    || trouble.code() != transfer.failure().code()) {
                transfers.end(transfer.paused(pauses.changed(transfer, trouble)));
            }
        }
    }
}
