package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, as their user wants them: they begin with the wish, which waits for a friend who holds it and gets its {@link Metadata}, go on at a start, are looked at anew, released,
 * forgotten. What happens to them under way is {@link Downloading}'s. Thread: {@code torrent}.
 */
final class Fetching {
    private static final Logger log = LogManager.getLogger(Fetching.class);
    private static final Set<TransferState> RESTABLE = EnumSet.of(
            TransferState.WAITING_FOR_FRIEND, TransferState.QUEUED, TransferState.METADATA, TransferState.DOWNLOADING);

    private final Bus bus;
    private final Transfers transfers;
    private final TorrentStore store;
    private final JobQueue queue;
    private final Metadata metadata;
    private final Completing completing;
    private final Choosing choosing;
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
        this.queue = queue;
        this.metadata = metadata;
        this.completing = completing;
        this.choosing = choosing;
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
        if (hash == null) {
            return;
        }
        if (atRest.keeps(stored)) {
            if (transfer.state() == TransferState.COMPLETE && stored.staging() != null) {
                staging.finished(transfer.id(), hash); // the last process was ended just before it
            }
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
                Predecessors.audience(legacy, request),
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
        if (job != null && Downloading.STATES.contains(job.engine)) {
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

    /** Completed once what was to be deleted of a removed job is: its files as well where that was asked for. Fails with why some of it stays. */
    CompletableFuture<Void> whenDeleted(Transfer removed) {
        return cleaning.whenDone(hashOf(removed));
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

    void stop() {
        queue.stop();
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

    private static InfoHash hashOf(Transfer transfer) {
        return Objects.requireNonNull(transfer.hash(), "a job has a hash");
    }
}
