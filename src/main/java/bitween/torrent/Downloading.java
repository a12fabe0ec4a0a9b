package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.TorrentEvent.PeersWanted;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What happens to jobs that are under way: which friends have them, what the engine does, and the time that passes. What follows the last byte is {@link Completing}'s. Thread:
 * {@code torrent}.
 */
final class Downloading {
    /** A friend who went away is noticed by his presence; this is for one whose address does not answer. */
    private static final int LONELY_SECONDS = 15;
    /** Where a job stands with the engine from the check to the last byte. */
    static final Set<Job.Engine> STATES = EnumSet.of(Job.Engine.RUNNING, Job.Engine.PAUSED);

    private final Bus bus;
    private final Transfers transfers;
    private final TorrentEngine engine;
    private final JobQueue queue;
    private final Metadata metadata;
    private final Completing completing;
    private final OwnerDigests ownerDigests;
    private final Staging staging;
    private final Finisher finisher;
    private final Figures figures;

    Downloading(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            TorrentEngine engine,
            JobQueue queue,
            Metadata metadata,
            Completing completing,
            OwnerDigests ownerDigests,
            Staging staging,
            Finisher finisher,
            Figures figures) {
        this.bus = bus;
        this.transfers = transfers;
        this.engine = engine;
        this.queue = queue;
        this.metadata = metadata;
        this.completing = completing;
        this.ownerDigests = ownerDigests;
        this.staging = staging;
        this.finisher = finisher;
        this.figures = figures;
        bus.subscribe(PeersFound.class, mailbox, this::onPeersFound);
    }

    private void onPeersFound(PeersFound event) {
        queue.find(event.hash())
                .ifPresent(job -> queue.step(job, () -> {
                    boolean asBefore = job.lonely && job.peers.equals(new LinkedHashSet<>(event.peers()));
                    job.replacePeers(new LinkedHashSet<>(event.peers()));
                    if (job.info == null) {
                        metadata.ask(job);
                    } else if (job.engine == Job.Engine.RUNNING && !job.peers.isEmpty()) {
                        job.lonelySeconds = 0;
                        job.peers.forEach(peer -> engine.connect(job.hash, peer));
                        if (!asBefore) {
                            queue.goOn(job);
                        }
                    }
                }));
    }

    private boolean isPaused(Job job) {
        return transfers
                .find(job.id)
                .filter(transfer -> transfer.state() == TransferState.PAUSED)
                .isPresent();
    }

    void onChecked(InfoHash hash, boolean complete) {
        in(hash, EnumSet.of(Job.Engine.CHECKING), job -> {
            if (complete) {
                finished(job);
            } else {
                job.early = finisher.readEarly(job.knownInfo(), job.knownStaged());
                queue.goOn(job);
                ownerDigests.ask(job);
            }
        });
    }

    void onPieceCame(InfoHash hash, int piece) {
        in(hash, STATES, job -> {
            if (job.early != null) {
                job.early.pieceCame(piece);
            }
        });
    }

    /** Also of one that was paused just then. */
    void onFinished(InfoHash hash) {
        in(hash, STATES, this::finished);
    }

    /** @return in how many blocks BitTorrent carries the piece; 0 when that is not known */
    int blocks(InfoHash hash, int piece) {
        return queue.find(hash)
                .map(job -> job.info)
                .map(info -> info.blocks(piece))
                .orElse(0);
    }

    private void finished(Job job) {
        queue.state(job, TransferState.VERIFYING);
        job.engine = Job.Engine.SAVING;
        engine.saveResumeData(job.hash);
    }

    void onResumeSaved(InfoHash hash) {
        in(
                hash,
                EnumSet.of(Job.Engine.SAVING),
                job -> staging.leave(job, () -> queue.step(job, () -> completing.finish(job))));
    }

    void onRemoved(InfoHash hash) {
        queue.find(hash)
                .ifPresentOrElse(job -> queue.step(job, () -> staging.onRemoved(hash)), () -> staging.onRemoved(hash));
    }

    /** What came of it may not be on the disk, whatever its disk says later. */
    void onFlushFailed(InfoHash hash, UserException why) {
        queue.find(hash)
                .filter(job -> STATES.contains(job.engine) || job.engine == Job.Engine.SAVING)
                .ifPresent(job -> queue.distrust(job, why));
    }

    /** A disk that fails while the engine leaves is of no matter: every piece was verified, and the digests are still to come. */
    void onFailed(InfoHash hash, ErrorCode code, String reason) {
        queue.find(hash)
                .filter(job -> job.engine != Job.Engine.LEAVING && job.engine != Job.Engine.OUT)
                .filter(job -> !isPaused(job))
                .ifPresent(
                        job -> queue.fail(job, new UserException(code, reason, "see to it, and it goes on by itself")));
    }

    /** Once a second. */
    void onTick() {
        finisher.verified().forEach((id, bytes) -> figures.put(id, bytes + hereBytes(id), sizeOf(id)));
        for (Job job : queue.all()) {
            if (job.engine == Job.Engine.RUNNING && ++job.lonelySeconds % LONELY_SECONDS == 0) {
                queue.step(job, () -> {
                    job.lonely = true;
                    queue.state(job, TransferState.WAITING_FOR_FRIEND);
                    bus.publish(new PeersWanted(job.hash));
                });
                queue.promote();
            } else if (job.info == null && !job.askingMetadata && ++job.lonelySeconds % Metadata.RETRY_SECONDS == 0) {
                bus.publish(new PeersWanted(job.hash)); // a friend who failed to answer does not announce himself again
            }
        }
    }

    void onUpdated(EngineEvent.State state) {
        if (!state.peers().isEmpty()) {
            in(state.hash(), EnumSet.of(Job.Engine.RUNNING), job -> {
                job.lonelySeconds = 0;
                job.lonely = false;
                queue.goOn(job);
            });
        }
    }

    private long sizeOf(TransferId id) {
        return transfers.find(id).map(Transfer::wantedBytes).orElse(0L);
    }

    private long hereBytes(TransferId id) {
        return transfers
                .find(id)
                .flatMap(transfer -> Optional.ofNullable(transfer.hash()))
                .flatMap(queue::find)
                .map(job -> job.hereBytes)
                .orElse(0L);
    }

    EngineEvent.State inFiles(EngineEvent.State state) {
        return queue.find(state.hash()).map(job -> job.inFiles(state)).orElse(state);
    }

    /** Does what is to be done with a job that stands so with the engine, if it does. */
    private void in(InfoHash hash, Set<Job.Engine> where, Consumer<Job> what) {
        queue.find(hash)
                .filter(job -> where.contains(job.engine))
                .ifPresent(job -> queue.step(job, () -> what.accept(job)));
    }
}
