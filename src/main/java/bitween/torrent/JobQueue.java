package bitween.torrent;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.PeersWanted;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Priority;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.torrent.TorrentEngine.Torrent;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The jobs under way: which of them may download now, and how one fails. Thread: {@code torrent}.
 *
 * <p>One that matters more than another that downloads takes its turn; the other is queued, and keeps what came. Those that wait for a friend do not count, so nobody waits behind them; one whose friend comes back is queued again, before those that are younger.
 */
final class JobQueue {
    private static final Logger log = LogManager.getLogger(JobQueue.class);

    private final Bus bus;
    private final Transfers transfers;
    private final TorrentEngine engine;
    private final Staging staging;
    private final Pauses pauses;
    private int active;
    private final Clock clock;
    private final Map<InfoHash, Job> jobs = new HashMap<>();
    private boolean promoting;
    /** Read by the thread that copies, too. */
    private volatile boolean stopping;

    /** @param active how many jobs may download at once */
    JobQueue(
            Bus bus,
            Transfers transfers,
            TorrentEngine engine,
            Staging staging,
            Pauses pauses,
            int active,
            Clock clock) {
        this.bus = bus;
        this.transfers = transfers;
        this.engine = engine;
        this.staging = staging;
        this.pauses = pauses;
        this.active = active;
        this.clock = clock;
    }

    Job add(TransferId id, InfoHash hash) {
        Job job = new Job(id, hash);
        job.filePriorities = transfers.find(id).map(Transfer::filePriorities).orElse(List.of());
        jobs.put(hash, job);
        return job;
    }

    Optional<Job> find(InfoHash hash) {
        return Optional.ofNullable(jobs.get(hash));
    }

    /** Whether it is still under way, and not another of the same hash in its place. */
    boolean holds(Job job) {
        return jobs.get(job.hash) == job;
    }

    List<Job> all() {
        return List.copyOf(jobs.values());
    }

    void remove(Job job) {
        job.dropEarlyDigests();
        jobs.remove(job.hash, job);
    }

    /** Those whose resume data change. */
    Set<InfoHash> running() {
        return jobs.values().stream()
                .filter(job -> job.engine == Job.Engine.RUNNING || job.engine == Job.Engine.PAUSED)
                .map(job -> job.hash)
                .collect(Collectors.toSet());
    }

    void state(Job job, TransferState state) {
        transfers.find(job.id).ifPresent(transfer -> transfers.put(transfer.with(state)));
    }

    /** What could not begin waits for a friend; unless there is none, it is told why, since when, and when it is tried again. */
    void postpone(Job job, UserException why, int seconds) {
        if (why.code() == ErrorCode.FRIEND_OFFLINE) {
            job.trouble = null;
            state(job, TransferState.WAITING_FOR_FRIEND);
            return;
        }
        Instant now = clock.instant();
        Instant since = job.trouble != null && job.trouble.code() == why.code() ? job.trouble.since() : now;
        Failure trouble = Failure.of(why, now).again(since, now.plusSeconds(seconds));
        job.trouble = trouble;
        transfers.find(job.id).ifPresent(transfer -> transfers.put(transfer.waiting(trouble)));
    }

    void enqueue(Job job) {
        state(job, TransferState.QUEUED);
        promote();
    }

    /** What the engine holds, but does not download, may: now if no more than allowed do, else when it is its turn. */
    void goOn(Job job) {
        if (stopping || (isDownloading(job) && job.engine == Job.Engine.RUNNING)) {
            return;
        }
        if (hasRoomFor(job) || makesRoomFor(job)) {
            run(job);
        } else {
            engine.pause(job.hash);
            job.engine = Job.Engine.PAUSED;
            state(job, TransferState.QUEUED);
        }
    }

    /** How many jobs may download at once from now on; those that do already go on. */
    void allow(int jobsAtOnce) {
        active = jobsAtOnce;
        promote();
    }

    /** Starts what waits for its turn, what matters most first, then the oldest, as many as may run. */
    void promote() {
        if (promoting) {
            return; // one that fails to start makes room, which the loop below sees
        }
        promoting = true;
        try {
            Job first = first();
            while (first != null && (hasRoomFor(first) || makesRoomFor(first))) {
                start(first);
                first = first();
            }
        } finally {
            promoting = false;
        }
    }

    /** One step of a job: whatever goes wrong in it lets it pause or ends it as FAILED, with the reason. */
    void step(Job job, Runnable step) {
        try {
            step.run();
        } catch (UserException e) {
            fail(job, e);
        } catch (RuntimeException e) {
            log.error("{}: a step failed", job.hash, e);
            fail(job, Failures.explain(e));
        }
    }

    void fail(Job job, UserException why) {
        transfers.find(job.id).ifPresentOrElse(transfer -> fail(job, transfer, why), () -> remove(job));
    }

    /** @param transfer what it has become, stored or not */
    void fail(Job job, Transfer transfer, UserException why) {
        if (stopping) {
            log.info("{} does not end well, and is looked at again at the next start: {}", job.hash, why.sentence());
            return;
        }
        if (pauses.isMendable(why)) {
            rest(job, why.code());
        } else {
            letGo(job);
        }
        end(transfer, why);
        promote();
    }

    /** It pauses or has failed, as the reason says. */
    void end(Transfer transfer, UserException why) {
        if (pauses.isMendable(why)) {
            log.warn("{} pauses: {}", transfer.hash(), why.sentence());
            transfers.end(transfer.paused(pauses.begin(transfer, why)));
        } else {
            log.error("{} failed: {}", transfer.hash(), why.sentence());
            transfers.end(transfer.failed(Failure.of(why, clock.instant())));
        }
    }

    /** What came may not be on the disk: the job begins again with what is known to be. */
    void distrust(Job job, UserException why) {
        if (!stopping) {
            letGo(job);
        }
        fail(job, why);
    }

    /** It stays checked where what is on its disk is as the engine knows it; else it begins again. */
    void rest(Job job, ErrorCode why) {
        boolean whole = why == ErrorCode.DISK_FULL || why == ErrorCode.PAUSED_BY_USER;
        if (whole && (job.engine == Job.Engine.RUNNING || job.engine == Job.Engine.PAUSED)) {
            engine.pause(job.hash);
            job.engine = Job.Engine.PAUSED;
        } else {
            letGo(job);
        }
    }

    private void letGo(Job job) {
        if (job.engine != Job.Engine.OUT) {
            staging.leave(job, () -> job.engine = Job.Engine.OUT);
        }
        remove(job);
    }

    /** Nothing is started any more, and nothing fails: what the stop cuts off goes on at the next start. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /** Whose turn it is next, whether there is room or not. */
    private @Nullable Job first() {
        return transfers.all().stream()
                .filter(transfer -> transfer.state() == TransferState.QUEUED)
                .map(transfer -> jobs.get(transfer.hash()))
                .filter(Objects::nonNull)
                .min(Comparator.comparing(this::priority)) // of several the oldest
                .orElse(null);
    }

    private Priority priority(Job job) {
        return transfers.find(job.id).map(Transfer::priority).orElse(Priority.NORMAL);
    }

    /** Lets one wait that downloads and matters less, the youngest of those that matter least. */
    private boolean makesRoomFor(Job wanting) {
        if (stopping) {
            return false;
        }
        Optional<Job> least = transfers.all().stream()
                .map(transfer -> jobs.get(transfer.hash()))
                .filter(Objects::nonNull)
                .filter(job -> job != wanting && job.engine == Job.Engine.RUNNING && isDownloading(job))
                .filter(job -> priority(wanting).isBefore(priority(job)))
                .reduce((older, younger) -> priority(younger).isBefore(priority(older)) ? older : younger);
        least.ifPresent(job -> {
            log.info("{} waits: {} matters more", job.hash, wanting.hash);
            engine.pause(job.hash);
            job.engine = Job.Engine.PAUSED;
            state(job, TransferState.QUEUED);
        });
        return least.isPresent();
    }

    /** Whether it would not be one too many. */
    private boolean hasRoomFor(Job wanting) {
        long others = jobs.values().stream()
                .filter(job -> job != wanting)
                .filter(job -> job.engine == Job.Engine.CHECKING || isDownloading(job))
                .count();
        return !stopping && others < active;
    }

    private boolean isDownloading(Job job) {
        return transfers
                .find(job.id)
                .map(Transfer::state)
                .filter(TransferState.DOWNLOADING::equals)
                .isPresent();
    }

    private void start(Job job) {
        step(job, () -> {
            if (job.engine == Job.Engine.PAUSED) {
                staging.check(transfers.get(job.id), job.hash);
                run(job);
            } else {
                job.staged = staging.create(transfers.get(job.id), job);
                state(job, TransferState.DOWNLOADING);
                staging.launch(job, job.unchecked ? Torrent.Start.CHECK : Torrent.Start.RESUME);
                job.unchecked = false;
            }
        });
    }

    private void run(Job job) {
        job.lonelySeconds = 0;
        job.lonely = false;
        state(job, TransferState.DOWNLOADING);
        if (job.engine != Job.Engine.RUNNING) {
            job.engine = Job.Engine.RUNNING;
            job.peers.forEach(peer -> engine.connect(job.hash, peer)); // before resume(): these are dialled at once
            engine.resume(job.hash);
            bus.publish(new PeersWanted(job.hash));
        }
    }
}
