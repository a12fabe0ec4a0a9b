package bitween.control;

import bitween.model.ErrorCode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Which complete downloads have nothing at their place any more. Thread: {@code control-n} asks, a short-lived {@code gone-files} looks: a disk of the network that does not answer keeps that one,
 * and nobody who asks; as long as it does, no file is said to be gone.
 */
final class GoneFiles {
    private static final Logger log = LogManager.getLogger(GoneFiles.class);
    /** A thousand looks take some ms; who asks for a list is not to wait for a disk. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private volatile CompletableFuture<Set<TransferId>> last = CompletableFuture.completedFuture(Set.of());

    Set<TransferId> among(Collection<Transfer> all) throws InterruptedException {
        List<Transfer> complete = all.stream()
                .filter(job -> job.kind() == Transfer.Kind.JOB && job.state() == TransferState.COMPLETE)
                .filter(job -> job.failure() == null)
                .toList();
        if (complete.isEmpty() || !last.isDone()) {
            return Set.of();
        }
        CompletableFuture<Set<TransferId>> look = CompletableFuture.supplyAsync(
                () -> complete.stream()
                        .filter(job -> !Files.exists(job.place(), LinkOption.NOFOLLOW_LINKS))
                        .map(Transfer::id)
                        .collect(Collectors.toSet()),
                GoneFiles::run);
        last = look;
        try {
            return look.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.debug("a disk does not answer: it is not known which files are gone");
            return Set.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException("looking for files failed", e);
        }
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "gone-files");
        thread.setDaemon(true);
        thread.start();
    }

    /** As an error of the job. */
    static View error(Transfer job) {
        return new View()
                .with("code", ErrorCode.PATH_MISSING)
                .with("message", "its files are gone: nothing is at " + job.place() + " any more")
                .with(
                        "hint",
                        "bring them back; or get them again with: bitween recheck '" + job.id()
                                + "'; or forget them with: bitween rm '" + job.id() + "'")
                .with("since", null)
                .with("retryAt", null);
    }
}
