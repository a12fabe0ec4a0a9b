package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.MoveTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RelocateShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.ServeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.MoveStore;
import bitween.store.StoredMove;
import bitween.store.StoredTransfer;
import bitween.store.SuccessionStore;
import bitween.store.TorrentStore;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.ShareScanner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The BitTorrent worker: hears what is wanted from the bus, and lets {@link Sharing} and {@link Fetching} act; what the engine says goes to its {@link EngineListener}. Thread:
 * torrent. Every handler runs on the worker's mailbox, so nothing here is locked.
 */
public final class TorrentWorker {
    private static final Logger log = LogManager.getLogger(TorrentWorker.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** How often is tried to store what could not be. */
    private static final int STORE_AGAIN_TICKS = 5;
    /** Who waits for files to be deleted is told then that it goes on; less than anybody waits for an answer. */
    static final Duration DELETED = Duration.ofSeconds(20);

    /** Whose files are looked at before they are offered again. */
    private static final Set<TransferState> WITHDRAWN = EnumSet.of(TransferState.MISSING, TransferState.STALE);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final Transfers transfers;
    private final Copies copies;
    private final Executor disk;
    private final TorrentEngine engine;
    private final Sharing sharing;
    private final Keeping keeping;
    private final Revising revising;
    private final Upkeep upkeep;
    private final Relocating relocating;
    private final Moving moving;
    private final MoveStore moves;
    private final SuccessionStore successions;
    private final Staging staging;
    private final Fetching fetching;
    private final Downloading downloading;
    private final Completing completing;
    private final Streaming streaming;
    private final DiskWatch diskWatch;
    private final Figures figures;
    private final JobQueue queue;
    private final Clock clock;
    private final ResumeSaver resumeSaver;
    private final EngineListener listener;
    private final Timers.Timer tick;
    private boolean stopping;
    private int ticks;

    /**
     * What the worker is made of.
     *
     * @param links where libtorrent's save paths are
     * @param disk moves and deletes what jobs leave, one after the other
     * @param looks looks at disks, which may take long to answer
     * @param downloads where jobs go that name no folder
     * @param keep copies the files of revisions that are kept, one after the other
     * @param revisions where these are
     * @param revisionsBytes what they may take together
     * @param reserve what downloads leave free on their disks
     * @param active how many jobs may download at once
     */
    public record Parts(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            TorrentStore store,
            MoveStore moves,
            TorrentEngine engine,
            Hasher hasher,
            ShareScanner scanner,
            Executor disk,
            Executor looks,
            Disks disks,
            Path links,
            Path downloads,
            Executor keep,
            Path revisions,
            long revisionsBytes,
            DiskReserve reserve,
            int active,
            Clock clock) {}

    /** Subscribes; {@link #load} begins the work. */
    public TorrentWorker(Parts parts) {
        bus = parts.bus();
        mailbox = parts.mailbox();
        timers = parts.timers();
        engine = parts.engine();
        clock = parts.clock();
        disk = parts.disk();
        copies = new Copies(parts.store(), clock);
        transfers = new Transfers(bus, parts.store(), copies);
        figures = new Figures(bus);
        Places places = new Places(parts.links());
        ResumeRows resumeRows = new ResumeRows(parts.store());
        FolderMarks marks = new FolderMarks(parts.store());
        Room room = new Room(parts.disks(), parts.reserve());
        staging = new Staging(parts.store(), engine, places, resumeRows, room, marks);
        Pauses pauses = new Pauses(parts.store(), clock);
        Finisher finisher = new Finisher(parts.disk(), parts.hasher(), places);
        sharing = new Sharing(
                mailbox, transfers, parts.store(), engine, places, parts.hasher(), parts.scanner(), figures, clock);
        keeping = new Keeping(parts, transfers, places, room);
        revising = new Revising(
                mailbox, transfers, parts.store(), parts.hasher(), parts.scanner(), finisher, sharing, keeping, clock);
        upkeep = new Upkeep(mailbox, transfers, parts.store(), finisher, sharing, revising, clock);
        relocating = new Relocating(
                mailbox, transfers, parts.store(), parts.hasher(), parts.scanner(), parts.disk(), sharing, clock);
        queue = new JobQueue(bus, transfers, engine, staging, pauses, parts.active(), clock);
        OwnerDigests digests = new OwnerDigests(bus, parts.store());
        Choosing choosing = new Choosing(transfers, queue, parts.store(), staging);
        Succeeding succeeding = new Succeeding(bus, parts.store(), parts.hasher(), finisher);
        completing = new Completing(
                mailbox,
                transfers,
                queue,
                digests,
                staging,
                finisher,
                succeeding,
                figures,
                clock,
                choosing,
                sharing,
                upkeep::offerAgain,
                this::goOn);
        Reusing reusing = new Reusing(mailbox, transfers, queue, digests, staging, finisher, completing);
        Inheriting inheriting = new Inheriting(
                mailbox, transfers, parts.store(), queue, digests, staging, finisher, succeeding, completing);
        Metadata metadata = new Metadata(
                bus,
                mailbox,
                transfers,
                parts.store(),
                queue,
                completing,
                reusing,
                inheriting,
                staging,
                finisher.executor());
        fetching = new Fetching(
                bus,
                mailbox,
                transfers,
                parts.store(),
                engine,
                queue,
                metadata,
                completing,
                choosing,
                staging,
                finisher,
                figures,
                pauses,
                marks,
                parts.downloads(),
                clock);
        downloading = new Downloading(
                bus, mailbox, transfers, engine, queue, metadata, completing, digests, staging, finisher, figures);
        moves = parts.moves();
        successions = parts.store().successions();
        moving = new Moving(
                mailbox,
                transfers,
                parts.store(),
                moves,
                parts.hasher(),
                parts.scanner(),
                disk,
                sharing,
                fetching,
                figures,
                clock);
        var withheld = new Withheld(transfers, sharing, upkeep, clock);
        var resting = new Resting(transfers, queue, pauses, marks, fetching::retry, clock);
        new Steering(bus, mailbox, transfers, resting, withheld, this::takeNewWork);
        streaming = new Streaming(
                bus, mailbox, transfers, queue, staging, parts.hasher(), new InPlace(parts.store(), parts.hasher()));
        new Ranking(bus, mailbox, transfers, queue, staging, choosing::stored, this::job);
        diskWatch = new DiskWatch(mailbox, parts.looks(), transfers, queue, pauses, room, marks, resting::tryAgain);
        resumeSaver =
                new ResumeSaver(mailbox, timers, disk, parts.store(), resumeRows, engine, figures, queue, downloading);
        listener = new EngineListener(
                bus, mailbox, transfers, figures, upkeep, keeping, downloading, streaming, resumeSaver);
        bus.answerLater(SharePath.class, mailbox, this::onSharePath);
        bus.answer(UnsharePath.class, mailbox, this::onUnsharePath);
        bus.answer(GrantShare.class, mailbox, this::onGrantShare);
        bus.answer(RevokeShare.class, mailbox, this::onRevokeShare);
        bus.answerLater(ServeShare.class, mailbox, this::onServeShare);
        bus.answer(FetchShare.class, mailbox, this::onFetchShare);
        bus.answerLater(RemoveJob.class, mailbox, this::onRemoveJob);
        bus.answer(RecheckTransfer.class, mailbox, this::onRecheckTransfer);
        bus.answer(MoveTransfer.class, mailbox, this::onMoveTransfer);
        bus.answerLater(RelocateShare.class, mailbox, this::onRelocateShare);
        bus.subscribe(FilesChanged.class, mailbox, upkeep::onFilesChanged);
        bus.subscribe(LabelsChanged.class, mailbox, this::onLabelsChanged);
        tick = timers.every(TICK, mailbox, this::onTick);
    }

    /** Goes on with what the store holds. Any thread; the work is done on the mailbox. */
    public CompletableFuture<Void> load() {
        return CompletableFuture.runAsync(
                () -> {
                    fetching.begin();
                    Map<TransferId, StoredMove> interrupted = moves.all();
                    List<StoredTransfer> all = transfers.load();
                    Set<TransferId> mixed = successions.beingReplaced();
                    all.forEach(stored ->
                            load(stored, interrupted.get(stored.transfer().id()), mixed));
                    figures.publish();
                    keeping.load();
                    bus.publish(new EngineChanged(engine.status()));
                    disk.execute(copies::fillUp);
                },
                mailbox);
    }

    /**
     * One that cannot go on is no reason for the others not to.
     *
     * @param mixed among whose files there may be some of the next revision
     */
    private void load(StoredTransfer stored, @Nullable StoredMove move, Set<TransferId> mixed) {
        Transfer transfer = stored.transfer();
        figures.sentBefore(transfer.id(), stored.uploadedBytes());
        Failure failure = transfer.failure();
        boolean withheldByUser = transfer.kind() == Transfer.Kind.SHARE && transfer.isPausedByUser();
        if (withheldByUser || (failure != null && failure.code() == ErrorCode.REBUILT)) {
            return; // the user is to say so, or to look at it first
        }
        try {
            if (move != null) {
                moving.load(transfer, move);
            } else if (transfer.kind() == Transfer.Kind.SHARE && isInDoubt(transfer)) {
                upkeep.look(transfer);
            } else if (transfer.kind() == Transfer.Kind.SHARE && mixed.contains(transfer.id())) {
                upkeep.offerAgain(transfer);
            } else if (transfer.kind() == Transfer.Kind.SHARE) {
                sharing.load(stored);
            } else {
                fetching.load(stored);
                if (!mixed.contains(transfer.id())) {
                    shareOn(transfers.get(transfer.id())); // if a crash has kept it from that
                }
            }
        } catch (RuntimeException e) {
            log.error("{} does not go on", transfer.id(), e);
            queue.end(transfer, Failures.explain(e));
        }
    }

    private static boolean isInDoubt(Transfer share) {
        boolean revised = share.state() == TransferState.HASHING && share.hash() != null;
        return revised || WITHDRAWN.contains(share.state());
    }

    /**
     * Takes no new work, stops hashing, and saves the resume data of all that need it. Any thread.
     *
     * @return completed when all is saved, or after 5 s
     */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        mailbox.execute(() -> {
            stopping = true;
            tick.cancel();
            sharing.stop();
            revising.stop();
            keeping.stop();
            moving.stop();
            streaming.stop();
            fetching.stop();
            resumeSaver.saveAll(saved);
        });
        return saved;
    }

    /** What the engine says. Any thread: it is handed over. */
    public void engineSays(EngineEvent event) {
        try {
            mailbox.execute(() -> listener.onEvent(event));
        } catch (RejectedExecutionException e) {
            log.error("lost what the engine said, {}: {}", e.getMessage(), event);
        }
    }

    /** For tests, on the mailbox. */
    boolean isLooking() {
        return upkeep.isLooking();
    }

    private void onLabelsChanged(LabelsChanged event) {
        engine.admit(event.labels().keySet());
    }

    private CompletableFuture<Shared> onSharePath(SharePath request) {
        takeNewWork();
        return sharing.share(request).thenApply(shared -> keeping.wanted(shared, request.keepRevisions()));
    }

    private CompletableFuture<Void> onServeShare(ServeShare request) {
        assert mailbox.isOwner() : Thread.currentThread();
        return sharing.call(request.hash());
    }

    private Transfer onUnsharePath(UnsharePath request) {
        takeNewWork();
        moving.forget(request.id());
        return sharing.unshare(ofKind(request.id(), Transfer.Kind.SHARE));
    }

    private Transfer onGrantShare(GrantShare request) {
        takeNewWork();
        Transfer share = ofKind(request.id(), Transfer.Kind.SHARE);
        return transfers.put(share, share.audience().with(request.grantees()));
    }

    private Transfer onRevokeShare(RevokeShare request) {
        takeNewWork();
        Transfer share = ofKind(request.id(), Transfer.Kind.SHARE);
        return transfers.put(share, share.audience().without(request.grantees()));
    }

    private Fetched onFetchShare(FetchShare request) {
        takeNewWork();
        Fetched fetched = fetching.fetch(request);
        Transfer known = fetched.transfer();
        boolean more = known.kind() == Transfer.Kind.JOB
                && !known.audience().grantees().containsAll(request.reshare().grantees());
        if (!more) {
            return fetched;
        }
        Transfer job =
                transfers.put(known, known.audience().with(request.reshare().grantees()));
        shareOn(job);
        return new Fetched(transfers.get(job.id()), true);
    }

    private void shareOn(Transfer job) {
        if (job.state() == TransferState.COMPLETE && !job.audience().isEmpty() && job.selection() == null) {
            sharing.takeOver(job);
        }
    }

    private void goOn(Transfer job) {
        fetching.goOn(job);
    }

    private CompletableFuture<Removed> onRemoveJob(RemoveJob request) {
        takeNewWork();
        Transfer known = transfers.get(request.id());
        Transfer job = known.isGotAndSharedOn() ? known : ofKind(request.id(), Transfer.Kind.JOB);
        if (request.withFiles()) {
            Overlaps.refuseDeleting(transfers, job);
        }
        moving.forget(job.id());
        Transfer removed = remove(job, request.withFiles());
        if (!request.withFiles()) {
            return CompletableFuture.completedFuture(new Removed(removed, false));
        }
        CompletableFuture<Removed> answer =
                fetching.whenDeleted(removed).thenApply(done -> new Removed(removed, false));
        Timers.Timer late = timers.after(DELETED, mailbox, () -> answer.complete(new Removed(removed, true)));
        var unused = answer.whenComplete((done, failure) -> late.cancel());
        return answer;
    }

    /** What cannot be forgotten is offered as before. */
    private Transfer remove(Transfer job, boolean withFiles) {
        boolean offered = sharing.leave(job, staging);
        try {
            return fetching.remove(job, withFiles);
        } catch (UserException e) {
            if (offered) {
                sharing.load(job);
            }
            throw e;
        }
    }

    private Transfer onRecheckTransfer(RecheckTransfer request) {
        takeNewWork();
        Transfer transfer = transfers.get(request.id());
        if (transfer.kind() == Transfer.Kind.SHARE) {
            return upkeep.recheck(transfer);
        }
        if (transfer.state() == TransferState.COMPLETE) {
            fetching.refuseWhileSucceeded(transfer.id());
        }
        return fetching.recheck(transfer);
    }

    private CompletableFuture<Transfer> onRelocateShare(RelocateShare request) {
        takeNewWork();
        fetching.refuseWhileSucceeded(request.id());
        return relocating.relocate(ofKind(request.id(), Transfer.Kind.SHARE), request);
    }

    private Transfer onMoveTransfer(MoveTransfer request) {
        takeNewWork();
        fetching.refuseWhileSucceeded(request.id());
        Transfer transfer = transfers.get(request.id());
        Overlaps.refuseMoving(transfers, transfer);
        return moving.move(transfer, request.directory());
    }

    private void onTick() {
        assert mailbox.isOwner() : Thread.currentThread();
        sharing.onTick();
        revising.onTick();
        keeping.onTick();
        moving.onTick();
        downloading.onTick();
        completing.onTick();
        streaming.onTick();
        diskWatch.onTick();
        figures.publish();
        if (++ticks % STORE_AGAIN_TICKS == 0) {
            transfers.storeAgain();
            sharing.keepAgain();
        }
        engine.requestUpdates(queue.running());
    }

    private void takeNewWork() {
        assert mailbox.isOwner() : Thread.currentThread();
        if (stopping) {
            throw new UserException(ErrorCode.BUSY, "the daemon is stopping", "try again when it runs");
        }
    }

    /** What new work is about. */
    private Transfer job(TransferId id) {
        takeNewWork();
        return ofKind(id, Transfer.Kind.JOB);
    }

    private Transfer ofKind(TransferId id, Transfer.Kind kind) {
        Transfer transfer = transfers.get(id);
        if (transfer.kind() != kind) {
            boolean share = transfer.kind() == Transfer.Kind.SHARE;
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + transfer.name() + "' is " + (share ? "a share of yours" : "a download"),
                    share ? "use: bitween unshare" : "use: bitween rm");
        }
        return transfer;
    }
}
