package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.NewTransfer;
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import bitween.torrent.format.PieceLength;
import bitween.torrent.format.Scan;
import bitween.torrent.format.ShareScanner;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Own shares, from a path to seeding: looked at, stored, hashed, given to the engine, then visible to friends. Thread: {@code torrent}; the {@link Hasher} reads
 * the files on its own.
 */
final class Sharing {
    private static final Logger log = LogManager.getLogger(Sharing.class);

    private static final Set<TransferState> TO_BE_SHARED_ANEW =
            EnumSet.of(TransferState.FAILED, TransferState.STALE, TransferState.MISSING);

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final TorrentEngine engine;
    private final Places places;
    private final Hasher hasher;
    private final ShareScanner scanner;
    private final Figures figures;
    private final Clock clock;
    /** What the engine was given and not told to forget: what it says of others is old. */
    private final Set<InfoHash> inEngine = new HashSet<>();

    private final OnCall onCall = new OnCall();
    /** Whose place a newer revision is just taking: the engine gets none of it, whatever is found out about its files meanwhile. */
    private final Set<TransferId> givingWay = new HashSet<>();
    /** What is being hashed, so that it can be stopped. */
    private final Map<TransferId, Reading> hashing = new HashMap<>();

    /** Which revision it is that a live share takes the place of. */
    private final Map<TransferId, Integer> replaced = new HashMap<>();

    /** What was hashed while nothing could be stored. */
    private final Map<TransferId, HashedShare> unkept = new HashMap<>();

    /** What is cut off then goes on at the next start. */
    private boolean stopping;

    /** Files on their way through the hasher. */
    private record Reading(
            CompletableFuture<HashedShare> result, HashedRows rows, AtomicLong doneBytes, long totalBytes) {}

    Sharing(
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            TorrentEngine engine,
            Places places,
            Hasher hasher,
            ShareScanner scanner,
            Figures figures,
            Clock clock) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.engine = engine;
        this.places = places;
        this.hasher = hasher;
        this.scanner = scanner;
        this.figures = figures;
        this.clock = clock;
    }

    /** At start: offers what was hashed, hashes what was not. */
    void load(StoredTransfer stored) {
        Transfer transfer = stored.transfer();
        Share share = transfer.share();
        if (transfer.state() == TransferState.SEEDING
                && share != null
                && share.sizeBytes() > 0
                && stored.hasMetadata()) {
            onCall.add(share.hash());
            figures.put(transfer.id(), share.sizeBytes(), share.sizeBytes());
        } else {
            load(transfer);
        }
    }

    /** Seeds what was hashed, hashes what was not. */
    void load(Transfer transfer) {
        InfoHash hash = transfer.hash();
        if (hash == null) {
            Transfer again = transfers.put(transfer.with(TransferState.HASHING));
            Optional<Integer> pieces = store.pieceLength(again.id());
            var unused = hasher.scan(scanner, again.place(), again.name())
                    .thenApply(scan -> scan.withPieces(pieces))
                    .whenCompleteAsync(
                            (scan, failure) -> step(again.id(), now -> onScannedAgain(now, scan, failure)), mailbox);
        } else {
            seed(transfer, hash);
        }
    }

    /** @return fails with PATH_MISSING, PATH_REFUSED, PATH_UNREADABLE, NAME_REFUSED, NAME_TAKEN, ALREADY_SHARED; nothing is stored then */
    CompletableFuture<Shared> share(SharePath request) {
        return hasher.scan(scanner, request.path(), request.name()).thenApplyAsync(scan -> add(scan, request), mailbox);
    }

    private Shared add(Scan scan, SharePath request) {
        if (request.mode() != ShareMode.USUAL) {
            refuseWhileSucceeded(scan);
        }
        int revision = 0;
        Optional<Integer> pieces = Optional.ofNullable(request.pieceLength()).map(PieceLength::checked);
        Scan cut = scan.withPieces(pieces);
        for (Transfer known : transfers.all()) {
            if (known.kind() != Transfer.Kind.SHARE) {
                continue;
            }
            if (known.place().equals(scan.root())) {
                boolean stays = !TO_BE_SHARED_ANEW.contains(known.state());
                if (store.isSent(known.id())) {
                    throw new UserException(
                            ErrorCode.ALREADY_SHARED,
                            scan.root() + " is sent to " + known.audience() + " as '" + known.name() + "'",
                            "once they have it, or after bitween unshare '" + known.id() + "', it can be shared");
                }
                if (stays && pieces.isPresent()) {
                    throw new UserException(
                            ErrorCode.ALREADY_SHARED,
                            scan.root() + " is shared already, as '" + known.name()
                                    + "', and its pieces are as they are",
                            "share it anew after: bitween unshare '" + known.id() + "'");
                }
                if (known.state() == TransferState.SEEDING
                        && request.mode() != ShareMode.USUAL
                        && request.mode() != known.mode()) {
                    return new Shared(transfers.put(inMode(known, request.mode())), scan.leftOut());
                }
                if (known.isLive() && request.mode() == ShareMode.LIVE && request.keepRevisions() != null) {
                    return new Shared(known, scan.leftOut());
                }
                if (stays) {
                    throw new UserException(
                            ErrorCode.ALREADY_SHARED,
                            scan.root() + " is shared already, as '" + known.name() + "'",
                            "others get it too with: bitween grant '" + known.id() + "' WHO");
                }
                revision = known.share() == null ? 0 : known.share().revision();
                pieces = pieces.or(() -> store.pieceLength(known.id()));
                cut = scan.withPieces(pieces);
                unshare(known); // it is not offered, and is tried as it is now
            } else if (known.name().equals(scan.name())) {
                throw new UserException(
                        ErrorCode.NAME_TAKEN,
                        "another share is called '" + known.name() + "' (" + known.place() + ")",
                        "choose another name with --name");
            }
        }
        NewTransfer share = NewTransfer.share(
                        scan.name(),
                        scan.root(),
                        request.audience(),
                        request.reshare(),
                        request.mode(),
                        clock.instant())
                .withPieces(pieces.orElse(null));
        Transfer added = transfers.add(request.sent() ? share.asSent() : share);
        if (revision > 0) {
            replaced.put(added.id(), revision);
        }
        if (scan.leftOut().count() > 0) {
            log.info("{}: left out {}", added.id(), scan.leftOut().counts());
        }
        hash(added, cut);
        return new Shared(added, scan.leftOut());
    }

    /** What its user has made a share of a kind of its own is replaced by nobody else. */
    private void refuseWhileSucceeded(Scan scan) {
        boolean one = transfers.all().stream()
                .filter(job -> job.kind() == Transfer.Kind.JOB && job.place().equals(scan.root()))
                .anyMatch(job -> store.successions().of(job.id()).isPresent());
        if (one) {
            throw Predecessors.onItsWay();
        }
    }

    /** What is shared already is from now on shared so. */
    private static Transfer inMode(Transfer known, ShareMode mode) {
        Share share = known.share();
        if (share == null) {
            return known.with(mode);
        }
        return known.with(mode).with(share.at(mode == ShareMode.LIVE ? 1 : 0));
    }

    /** A job that is complete, and for somebody, becomes a share where it stands; if that cannot be stored, at the next start. */
    void takeOver(Transfer job) {
        InfoHash hash = Objects.requireNonNull(job.hash(), "a job has a hash");
        Set<String> taken = new HashSet<>();
        transfers.all().stream()
                .filter(known -> known.kind() == Transfer.Kind.SHARE)
                .forEach(known -> taken.add(known.name()));
        String name = job.name();
        for (int number = 2; taken.contains(name); number++) {
            name = job.name() + " (" + number + ")";
        }
        try {
            Transfer share = transfers.put(job.shared(name));
            log.info("{} is shared on with {}", hash, share.audience());
            seed(share, hash);
        } catch (UserException e) {
            log.error("{} is here, but not shared on: {}", hash, e.sentence());
        }
    }

    /**
     * A newer revision is about to take its place: until that is over, one way or the other, nobody gets any of it. It stays a share, with whom it is for.
     *
     * @return whether it is one, of which the engine is to let go first
     */
    boolean giveWay(TransferId id) {
        givingWay.add(id);
        Transfer share = transfers
                .find(id)
                .filter(known -> known.kind() == Transfer.Kind.SHARE)
                .orElse(null);
        if (share == null) {
            return false;
        }
        if (!share.isPausedByUser()) {
            transfers.put(share.with(TransferState.VERIFYING));
        }
        InfoHash hash = Objects.requireNonNull(share.hash(), "it was got");
        inEngine.remove(hash);
        onCall.remove(hash);
        unlink(hash);
        log.info("{} is not offered for now: a newer revision takes its place", hash);
        return true;
    }

    /** @return the share, if it is one still, which is to be looked at before it is offered again */
    Optional<Transfer> giveWayNoMore(TransferId id) {
        givingWay.remove(id);
        return transfers
                .find(id)
                .filter(known -> known.kind() == Transfer.Kind.SHARE && known.state() == TransferState.VERIFYING);
    }

    /** What was got is about to be forgotten, with its files or without: nobody gets any more of it, and whoever deletes waits until the engine has let go. Returns whether it was offered. */
    boolean leave(Transfer got, Staging staging) {
        InfoHash hash = got.hash();
        boolean offered = hash != null && holds(hash);
        if (hash != null && inEngine.remove(hash)) {
            staging.leave(hash, () -> {});
        }
        onCall.remove(hash);
        return offered;
    }

    /** The files stay. */
    Transfer unshare(Transfer transfer) {
        Reading reading = hashing.remove(transfer.id());
        if (reading != null) {
            reading.result().cancel(true);
        }
        unkept.remove(transfer.id());
        transfers.remove(transfer);
        figures.remove(transfer.id());
        InfoHash hash = transfer.hash();
        if (hash != null) {
            takeBack(hash);
            unlink(hash);
        }
        log.info("{} is shared no longer", transfer.id());
        return transfer;
    }

    /** The engine has every file, with its size. */
    void onComplete(Transfer transfer, InfoHash hash) {
        boolean begun = onCall.isAwaited(hash); // was offered before: what it is by now is another's to change
        step(transfer.id(), now -> {
            if (!begun && now.state() != TransferState.MOVING) {
                Failure said = now.isLive() ? now.failure() : null; // why there is no next revision
                transfers.put(said == null ? now.with(TransferState.SEEDING) : now.with(TransferState.SEEDING, said));
            }
            engine.resume(hash);
            onCall.remove(hash);
        });
    }

    /** A friend has come for it. Completed once the engine lets him in, or never will. */
    CompletableFuture<Void> call(InfoHash hash) {
        return onCall.call(
                hash, () -> transfers.find(hash).ifPresent(share -> start(share, hash, Torrent.Start.COMPLETE)));
    }

    /** Once a second: how far hashing is. */
    void onTick() {
        hashing.forEach((id, reading) -> figures.put(id, reading.doneBytes().get(), reading.totalBytes()));
    }

    void stop() {
        stopping = true;
        for (Reading reading : hashing.values()) {
            reading.result().cancel(true);
            reading.rows().flush();
        }
    }

    private void onScannedAgain(Transfer transfer, @Nullable Scan scan, @Nullable Throwable failure) {
        if (scan != null) {
            hash(transfer, scan);
        } else {
            fail(transfer, Failures.explain(failure));
        }
    }

    private void hash(Transfer transfer, Scan scan) {
        AtomicLong done = new AtomicLong();
        HashedRows rows = HashedRows.of(store.hashing(), transfer.id(), scan);
        CompletableFuture<HashedShare> result = hasher.hash(scan, rows, done::set);
        hashing.put(transfer.id(), new Reading(result, rows, done, scan.totalBytes()));
        var unused = result.whenCompleteAsync(
                (hashed, failure) -> step(transfer.id(), now -> onHashed(now, hashed, failure)), mailbox);
    }

    private void onHashed(Transfer transfer, @Nullable HashedShare hashed, @Nullable Throwable failure) {
        hashing.remove(transfer.id());
        if (hashed != null) {
            keepSoon(transfer, hashed);
        } else {
            fail(transfer, Failures.explain(failure));
        }
    }

    /** While the store takes nothing, what was hashed waits: it is as good then. */
    private void keepSoon(Transfer transfer, HashedShare hashed) {
        try {
            keep(transfer, hashed);
            unkept.remove(transfer.id());
        } catch (UserException e) {
            if (store.trouble() == null) {
                throw e;
            }
            if (unkept.put(transfer.id(), hashed) == null) {
                log.warn("{} is hashed, and shared once that can be stored: {}", transfer.id(), e.sentence());
            }
        }
    }

    /** Now and then: what could not be stored may be now. */
    void keepAgain() {
        Map.copyOf(unkept).forEach((id, hashed) -> step(id, now -> keepSoon(now, hashed)));
    }

    private void keep(Transfer transfer, HashedShare hashed) {
        InfoDictionary info = hashed.info();
        InfoHash hash = info.hash();
        Integer before = replaced.remove(transfer.id());
        Share share = new Share(
                info.name(),
                hash,
                info.contentId(),
                info.totalBytes(),
                info.files().size(),
                store.allowsReshare(transfer.id()),
                transfer.isLive() ? 1 + (before == null ? 0 : before) : 0);
        Transfer known = transfer.with(store.isSent(transfer.id()) ? share.asSent() : share);
        transfers.put(known, hash, hashed, clock.instant());
        figures.put(known.id(), info.totalBytes(), info.totalBytes());
        log.info("{} shared: {} files, {} bytes", hash, share.files(), share.sizeBytes());
        seed(known, hash);
    }

    /** With files that are all as they were hashed. */
    void seed(Transfer transfer, InfoHash hash) {
        if (holds(hash)) {
            transfers.put(transfer.with(TransferState.SEEDING));
        } else {
            start(transfer, hash, Torrent.Start.COMPLETE);
        }
    }

    /** Gives it to the engine, which says {@link EngineEvent.Checked} when it can be seeded. */
    void start(Transfer transfer, InfoHash hash, Torrent.Start how) {
        if (givingWay.contains(transfer.id())) {
            return;
        }
        try {
            InfoDictionary info = storedInfo(hash)
                    .orElseThrow(() -> new UserException(
                            ErrorCode.BAD_METADATA,
                            "the metadata of '" + transfer.name() + "' are gone",
                            "unshare it and share it again"));
            if (info.totalBytes() == 0) {
                transfers.put(transfer.with(TransferState.SEEDING)); // nothing that BitTorrent could carry
                return;
            }
            places.link(hash, info.name(), transfer.place());
            inEngine.add(hash);
            figures.enters(transfer.id());
            engine.add(new Torrent(hash, info.encoded(), places.savePath(hash), how, null));
        } catch (UserException e) {
            inEngine.remove(hash);
            fail(transfer, e);
        }
    }

    /** Whether it is offered: the engine has it, or will. */
    boolean holds(InfoHash hash) {
        return isInEngine(hash) || onCall.has(hash);
    }

    /** What the engine says of others is old. */
    boolean isInEngine(InfoHash hash) {
        return inEngine.contains(hash);
    }

    /** Nobody gets any more of it. */
    void takeBack(InfoHash hash) {
        onCall.remove(hash);
        if (inEngine.remove(hash)) {
            engine.remove(hash);
        }
    }

    /** A link that stays does no harm. */
    void unlink(InfoHash hash) {
        try {
            places.unlink(hash);
        } catch (UserException e) {
            log.warn("{} left something in the home: {}", hash, e.sentence());
        }
    }

    /** Goes on with a share that is still there: whatever goes wrong ends it as FAILED, with the reason. */
    void step(TransferId id, Consumer<Transfer> step) {
        transfers.find(id).ifPresent(transfer -> {
            try {
                step.accept(transfer);
            } catch (UserException e) {
                fail(transfer, e);
            } catch (RuntimeException e) {
                log.error("{}: a step failed", id, e);
                fail(transfer, Failures.explain(e));
            }
        });
    }

    /** What the stop cuts off has not failed: it is looked at again at the next start. */
    void fail(Transfer transfer, UserException why) {
        if (stopping) {
            return;
        }
        log.error("{} cannot be shared: {}", transfer.id(), why.sentence());
        onCall.remove(transfer.hash());
        transfers.end(transfer.failed(Failure.of(why, clock.instant())));
    }

    boolean isStopping() {
        return stopping;
    }

    /** @throws UserException BAD_METADATA */
    Optional<InfoDictionary> storedInfo(InfoHash hash) {
        return store.metadata(hash).map(info -> MetadataValidator.validate(info, hash));
    }
}
