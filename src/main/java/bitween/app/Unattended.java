package bitween.app;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.catalogue.Catalogue;
import bitween.cli.ExitCodes;
import bitween.cli.ExitWhen;
import bitween.model.Progress;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Ends a daemon that nobody watches once it has done what it was started for. Thread: the mailbox it is given; it only looks at the catalogue.
 *
 * <p>What fails is over as well: nothing more happens to it by itself. Whether something did is what the exit code tells. What its user lets rest holds nothing up, and is no
 * failure; what pauses for its disk goes on by itself, and so is waited for.
 */
final class Unattended {
    /** How soon an end is seen. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Who has just started a daemon without jobs may be about to type what to get. */
    static final Duration FIRST_JOB = Duration.ofSeconds(30);

    private final ExitWhen when;
    private final Consumer<String> requestShutdown;
    private final LongSupplier nanos;
    private final long startedNs;
    /** Since when each of those that friends can get now can be got. */
    private final Map<TransferId, Long> offeredNs = new HashMap<>();

    private long busyNs;
    private boolean hadJobs;
    private volatile int exitCode = ExitCodes.OK;

    /**
     * @param requestShutdown with the reason
     * @param nanos the time as {@link System#nanoTime} tells it
     */
    Unattended(ExitWhen when, Consumer<String> requestShutdown, LongSupplier nanos) {
        this.when = when;
        this.requestShutdown = requestShutdown;
        this.nanos = nanos;
        startedNs = nanos.getAsLong();
        busyNs = startedNs;
    }

    /** From now on. The catalogue has to know what was loaded before the mailbox runs what is put into it now. */
    void watch(Supplier<Catalogue> catalogue, Timers timers, Mailbox mailbox) {
        timers.every(LOOK, mailbox, () -> look(catalogue.get()));
    }

    /** How the process is to end, if it is this that ended it: FAILED when something that counts has failed. Any thread. */
    int exitCode() {
        return exitCode;
    }

    private void look(Catalogue now) {
        Collection<Transfer> transfers = now.transfers().values();
        note(now, transfers);
        if (isOver(transfers)) {
            boolean failed = transfers.stream().filter(this::counts).anyMatch(this::hasFailed);
            exitCode = failed ? ExitCodes.FAILED : ExitCodes.OK;
            requestShutdown.accept("--exit-when " + when + (failed ? ", and something has failed" : ""));
        }
    }

    private void note(Catalogue now, Collection<Transfer> transfers) {
        hadJobs |= transfers.stream().anyMatch(Unattended::isJob);
        if (!transfers.stream().allMatch(Unattended::isOver)
                || now.progress().values().stream().anyMatch(Unattended::isGiving)) {
            busyNs = nanos.getAsLong();
        }
        Set<TransferId> offered = transfers.stream()
                .filter(Unattended::isOffered)
                .map(Transfer::id)
                .collect(Collectors.toSet());
        offeredNs.keySet().retainAll(offered);
        offered.forEach(id -> offeredNs.putIfAbsent(id, nanos.getAsLong()));
    }

    private boolean isOver(Collection<Transfer> transfers) {
        if (!transfers.stream().filter(this::counts).allMatch(Unattended::isOver)) {
            return false;
        }
        return switch (when.condition()) {
            case DONE -> hadJobs || since(startedNs).compareTo(FIRST_JOB) >= 0;
            case IDLE -> since(busyNs).compareTo(when.span()) >= 0;
            case SEEDED ->
                since(startedNs).compareTo(when.span()) >= 0
                        && offeredNs.values().stream()
                                .allMatch(begin -> since(begin).compareTo(when.span()) >= 0);
        };
    }

    private static boolean isOver(Transfer transfer) {
        return transfer.isSettled() || transfer.isPausedByUser();
    }

    /** For who wants jobs done, shares are nothing to wait for. */
    private boolean counts(Transfer transfer) {
        return when.condition() != ExitWhen.Condition.DONE || isJob(transfer);
    }

    /** Also one that is shared on since it was complete. */
    private static boolean isJob(Transfer transfer) {
        return transfer.kind() == Transfer.Kind.JOB || transfer.finished() != null;
    }

    private static boolean isOffered(Transfer transfer) {
        return transfer.state() == TransferState.SEEDING || transfer.state() == TransferState.COMPLETE;
    }

    /** What friends cannot get, because its files went or were changed, was not seeded; a job was done all the same. */
    private boolean hasFailed(Transfer transfer) {
        return switch (transfer.state()) {
            case FAILED -> true;
            case MISSING, STALE -> when.condition() == ExitWhen.Condition.SEEDED;
            default -> false;
        };
    }

    private static boolean isGiving(Progress progress) {
        return progress.uploadBytesPerSecond() > 0;
    }

    private Duration since(long momentNs) {
        return Duration.ofNanos(nanos.getAsLong() - momentNs);
    }
}
