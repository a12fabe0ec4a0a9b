package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.TorrentEvent.PeersWanted;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Magnet;
import bitween.model.Selection;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.NewTransfer;
import bitween.store.Removal;
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import bitween.torrent.Predecessors.Legacy;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, from the wish to the last byte: wait for a friend who holds it, get its {@link Metadata}, download into the staging folder. What follows is
 * {@link Completing}'s. Thread: {@code torrent}.
 */
final class Fetching {
    private static final Logger log = LogManager.getLogger(Fetching.class);
    /** A friend who went away is noticed by his presence; this is for one whose address does not answer. */
    private static final int LONELY_SECONDS = 15;
    /** Where a job stands from the check to the last byte. */
    private static final Set<Job.Engine> DOWNLOADS = EnumSet.of(Job.Engine.RUNNING, Job.Engine.PAUSED);

    private static final Set<TransferState> RESTABLE = EnumSet.of(
            TransferState.WAITING_FOR_FRIEND, TransferState.QUEUED, TransferState.METADATA, TransferState.DOWNLOADING);

    private final Bus bus;
    private final Transfers transfers;
    private final TorrentStore store;
    private final TorrentEngine engine;
    private final JobQueue queue;
    private final Metadata metadata;
    private final Completing completing;
    private final Choosing choosing;
    private final OwnerDigests ownerDigests;
    private final Staging staging;
    private final Finisher finisher;
    private final Figures figures;
    private final Pauses pauses;
    private final FolderMarks marks;
    private final Path downloads;
    private final Clock clock;
    private final Cleaning cleaning;
    private final AtRest atRest;
    private final Predecessors predecessors;

    /** @param downloads where jobs go that name no folder */
    Fetching(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            TorrentEngine engine,
            JobQueue queue,
            Metadata metadata,
            Completing completing,
            Choosing choosing,
            OwnerDigests ownerDigests,
            Staging staging,
            Finisher finisher,
            Figures figures,
            Pauses pauses,
            FolderMarks marks,
            Path downloads,
            Clock clock) {
        this.bus = bus;
        this.transfers = transfers;
        this.store = store;
        this.engine = engine;
        this.queue = queue;
        this.metadata = metadata;
        this.completing = completing;
        this.choosing = choosing;
        this.ownerDigests = ownerDigests;
        this.staging = staging;
        this.finisher = finisher;
        this.figures = figures;
        this.pauses = pauses;
        this.marks = marks;
        this.downloads = downloads;
        this.clock = clock;
        cleaning = new Cleaning(mailbox, store, staging, finisher);
        atRest = new AtRest(store, engine, metadata, figures);
        predecessors = new Predecessors(transfers, store, queue, (job, heir) -> {
            var unused = remove(job, false, heir);
        });
    }

    /** At start, before all jobs: what the last process was cut off from ends here. */
    void begin() {
        Places.removeProbe(downloads);
        cleaning.begin();
    }

    /** At start: goes on where it stopped. */
    void load(StoredTransfer stored) {
        Transfer transfer = stored.transfer();
        InfoHash hash = transfer.hash();
        marks.load(stored);
        if (hash == null || atRest.keeps(stored)) {
            return;
        }
        boolean moved = transfer.state() == TransferState.VERIFYING
                && Files.exists(transfer.place())
                && store.successions().of(transfer.id()).isEmpty();
        if (moved && stored.staging() != null && !Files.exists(stored.staging()) && isItsOwn(transfer, hash)) {
            transfers.put(Choosing.ended(
                    transfer, Choosing.wanted(transfer, metadata.stored(hash).orElseThrow()), clock.instant()));
            staging.finished(transfer.id(), hash);
        } else if (moved && stored.staging() == null && transfer.finished() != null) {
            recheckComplete(transfer);
        } else {
            begin(transfer, hash);
        }
    }

    /** What stands at its place may be somebody else's, if it was moved to another name just before the crash. */
    private boolean isItsOwn(Transfer transfer, InfoHash hash) {
        InfoDictionary info = metadata.readable(hash);
        return info != null && Finisher.isThere(Choosing.wanted(transfer, info), transfer.place());
    }

    /** @throws UserException DISK_WRITE when nothing can be written where it is to go, PATH_MISSING when it was got before and is gone; nothing is stored then */
    Fetched fetch(FetchShare request) {
        Optional<Legacy> legacy = predecessors.of(request);
        Optional<Transfer> earlier = legacy.map(Legacy::whose);
        Path directory = earlier.map(job -> Places.parentOf(job.place()))
                .orElse(request.directory() == null ? downloads : request.directory());
        Transfer known = transfers.find(request.hash()).orElse(null);
        boolean failed = known != null && known.kind() == Transfer.Kind.JOB && known.state() == TransferState.FAILED;
        boolean elsewhere = request.directory() != null
                && known != null
                && !directory.equals(Places.parentOf(known.place()))
                && known.finished() == null;
        if (known != null && known.state() == TransferState.COMPLETE && !Files.exists(known.place())) {
            throw new UserException(
                    ErrorCode.PATH_MISSING,
                    "you have got '" + known.name() + "' before, and it is not at " + known.place() + " any more",
                    "bring it back, or mount its disk; or get it again with: bitween recheck '" + known.id() + "'");
        }
        if (known != null && !(elsewhere && (failed || hasNothing(known)))) {
            return known.kind() == Transfer.Kind.SHARE ? new Fetched(known, true) : more(known, request);
        }
        Places.makeWritable(directory);
        if (known != null) {
            remove(known, false); // it did not come where it was to, and is to begin anew
        }
        String mark = FolderMarks.look(directory);
        String name = request.name() == null ? request.hash().hex() : request.name();
        NewTransfer wanted = NewTransfer.job(
                earlier.map(Transfer::name).orElse(name),
                earlier.map(Transfer::place)
                        .orElse(directory.resolve(request.hash().hex())),
                request.hash(),
                directory,
                mark,
                new Magnet(request.hash(), request.name()).toString(),
                request.reshare(),
                request.only().isEmpty() ? null : Selection.of(request.only()),
                clock.instant());
        Transfer added =
                legacy.map(found -> transfers.add(wanted, found.succession())).orElseGet(() -> transfers.add(wanted));
        marks.added(added.id(), mark);
        log.info("{} wanted", request.hash());
        InfoHash donor = legacy.map(Legacy::donor).orElse(null);
        if (donor == null || !cleaning.delays(donor, () -> beginIfThere(added.id()))) {
            begin(added, request.hash());
        }
        return new Fetched(transfers.get(added.id()), false);
    }

    private void beginIfThere(TransferId id) {
        transfers.find(id).ifPresent(job -> begin(job, hashOf(job)));
    }

    private Fetched more(Transfer known, FetchShare request) {
        Transfer wider = choosing.widen(known, request.only());
        if (known.state() == TransferState.FAILED) {
            wider = retry(wider);
        } else if (known.state() == TransferState.COMPLETE && !wider.equals(known)) {
            log.info("{} wanted, more of it", request.hash());
            begin(wider, request.hash());
        }
        return new Fetched(transfers.get(known.id()), wider.equals(known) || known.state() == TransferState.FAILED);
    }

    /** Whether it may rest now: it is not complete, and nothing of it is being verified. */
    boolean isUnderWay(Transfer transfer) {
        Job job = queue.find(hashOf(transfer)).orElse(null);
        boolean rests = transfer.state() == TransferState.PAUSED && transfer.finished() == null;
        boolean ends =
                job != null && (job.finishing || job.engine == Job.Engine.SAVING || job.engine == Job.Engine.LEAVING);
        return !ends && (rests || (job != null && RESTABLE.contains(transfer.state())));
    }

    /** Takes a job out of all that is under way; {@code then} runs when nothing touches its files any more. */
    void release(Transfer transfer, Runnable then) {
        InfoHash hash = hashOf(transfer);
        Job job = queue.find(hash).orElse(null);
        if (job != null) {
            queue.remove(job);
        }
        if (job != null && job.engine != Job.Engine.OUT) {
            staging.leave(job, then);
        } else {
            staging.whenOut(hash, then);
        }
        queue.promote();
    }

    /** Lets one that was released go on. */
    void goOn(Transfer transfer) {
        marks.renew(transfer);
        begin(transfer, hashOf(transfer));
    }

    /** Whether it pauses, and there is nothing of it, as far as can be seen. */
    private static boolean hasNothing(Transfer job) {
        return job.state() == TransferState.PAUSED
                && !job.isPausedByUser()
                && !Files.exists(Places.staging(Places.parentOf(job.place()), hashOf(job)));
    }

    /** Compares with the digests what is here; fetches what is wrong. */
    Transfer recheck(Transfer transfer) {
        Job job = queue.find(hashOf(transfer)).orElse(null);
        if (transfer.state() == TransferState.FAILED || (transfer.state() == TransferState.PAUSED && job == null)) {
            return retry(transfer);
        }
        if (transfer.state() == TransferState.COMPLETE) {
            return recheckComplete(transfer);
        }
        if (job != null && DOWNLOADS.contains(job.engine)) {
            Transfer verifying = transfers.put(transfer.with(TransferState.VERIFYING));
            staging.recheck(job);
            return verifying;
        }
        return transfer;
    }

    /** Forgets a job. What it had not finished is deleted; finished files only when asked for. */
    Transfer remove(Transfer transfer, boolean withFiles) {
        return remove(transfer, withFiles, null);
    }

    private Transfer remove(Transfer transfer, boolean withFiles, @Nullable InfoHash heir) {
        InfoHash hash = hashOf(transfer);
        Job job = queue.find(hash).orElse(null);
        InfoDictionary info = job != null && job.info != null ? job.info : metadata.readable(hash);
        Selection selection = transfer.selection();
        boolean newer = store.successions().of(transfer.id()).isPresent();
        boolean files = withFiles || (transfer.finished() == null && (selection == null || !selection.isBegun()));
        transfers.remove(transfer, removal(transfer, hash, info, files, newer));
        pauses.forget(transfer.id());
        marks.forget(transfer.id());
        figures.remove(transfer.id());
        log.info("{} removed", hash);
        boolean begun = cleaning.begin(hash);
        if (job != null) {
            queue.remove(job);
        }
        if (begun) {
            cleaning.letGo(
                    hash, job, transfer, now -> cleaning.clean(removal(now, hash, info, files, newer), info, heir));
        }
        queue.promote();
        return transfer;
    }

    /** What stands where a newer revision was to come is the earlier one's. */
    private static Removal removal(
            Transfer transfer, InfoHash hash, @Nullable InfoDictionary info, boolean files, boolean newer) {
        return newer && transfer.finished() == null
                ? new Removal(hash, transfer.place(), null, null, false, null)
                : Choosing.removal(transfer, hash, info, files);
    }

    /** @throws UserException BUSY */
    void refuseWhileSucceeded(TransferId id) {
        predecessors.refuseWhileSucceeded(id);
    }

    void onPeersFound(PeersFound event) {
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
        in(hash, DOWNLOADS, job -> {
            if (job.early != null) {
                job.early.pieceCame(piece);
            }
        });
    }

    /** Also of one that was paused just then. */
    void onFinished(InfoHash hash) {
        in(hash, DOWNLOADS, this::finished);
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
                .filter(job -> DOWNLOADS.contains(job.engine) || job.engine == Job.Engine.SAVING)
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

    void stop() {
        queue.stop();
    }

    /** Does what is to be done with a job that stands so with the engine, if it does. */
    private void in(InfoHash hash, Set<Job.Engine> where, Consumer<Job> what) {
        queue.find(hash)
                .filter(job -> where.contains(job.engine))
                .ifPresent(job -> queue.step(job, () -> what.accept(job)));
    }

    private void begin(Transfer transfer, InfoHash hash) {
        if (cleaning.delays(hash, () -> beginIfThere(transfer.id()))) {
            return;
        }
        Job job = queue.add(transfer.id(), hash);
        queue.step(job, () -> {
            Optional<InfoDictionary> info = metadata.stored(hash);
            if (info.isPresent()) {
                metadata.arrived(job, info.get());
            } else {
                queue.state(job, TransferState.WAITING_FOR_FRIEND);
                bus.publish(new PeersWanted(hash));
            }
        });
    }

    /** Lets a job that failed try again. */
    Transfer retry(Transfer transfer) {
        InfoHash hash = hashOf(transfer);
        Failure failure = transfer.failure();
        if (failure != null && failure.code() == ErrorCode.DISK_WRITE) {
            finisher.distrust(transfer.id());
        }
        boolean inPlace = transfer.finished() != null
                && Files.exists(transfer.place())
                && !Files.exists(Places.staging(Places.parentOf(transfer.place()), hash));
        if (inPlace) {
            return recheckComplete(transfer);
        }
        begin(transfers.put(transfer.with(TransferState.WAITING_FOR_FRIEND)), hash);
        return transfers.get(transfer.id());
    }

    private Transfer recheckComplete(Transfer transfer) {
        InfoDictionary info = metadata.stored(hashOf(transfer))
                .orElseThrow(() -> new UserException(
                        ErrorCode.BAD_METADATA,
                        "the metadata of '" + transfer.name() + "' are gone",
                        "remove the job and get it again"));
        return completing.recheck(transfer, info);
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

    private static InfoHash hashOf(Transfer transfer) {
        return Objects.requireNonNull(transfer.hash(), "a job has a hash");
    }
}
