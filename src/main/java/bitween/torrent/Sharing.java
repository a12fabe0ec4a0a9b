package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.NewTransfer;
import bitween.store.TorrentStore;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import bitween.torrent.format.Scan;
import bitween.torrent.format.ShareScanner;
import java.time.Clock;
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
    private static final String BRING_BACK =
            "bring them back and run: bitween recheck NAME; or unshare it and share it again";

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final TorrentEngine engine;
    private final Places places;
    private final Hasher hasher;
    private final ShareScanner scanner;
    private final Finisher finisher;
    private final Figures figures;
    private final Clock clock;
    /** What the engine was given and not told to forget: what it says of others is old. */
    private final Set<InfoHash> inEngine = new HashSet<>();
    /** What is being hashed, so that it can be stopped. */
    private final Map<TransferId, Reading> hashing = new HashMap<>();

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
            Finisher finisher,
            Figures figures,
            Clock clock) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.engine = engine;
        this.places = places;
        this.hasher = hasher;
        this.scanner = scanner;
        this.finisher = finisher;
        this.figures = figures;
        this.clock = clock;
    }

    /** At start: seeds what was hashed, hashes what was not. */
    void load(Transfer transfer) {
        InfoHash hash = transfer.hash();
        if (hash == null) {
            Transfer again = transfers.put(transfer.with(TransferState.HASHING));
            var unused = hasher.scan(scanner, again.place(), again.name())
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
        for (Transfer known : transfers.all()) {
            if (known.kind() != Transfer.Kind.SHARE) {
                continue;
            }
            if (known.place().equals(scan.root())) {
                if (known.state() != TransferState.FAILED) {
                    throw new UserException(
                            ErrorCode.ALREADY_SHARED,
                            scan.root() + " is shared already, as '" + known.name() + "'",
                            "others get it too with: bitween grant '" + known.id() + "' WHO");
                }
                unshare(known); // it failed, and is tried again
            } else if (known.name().equals(scan.name())) {
                throw new UserException(
                        ErrorCode.NAME_TAKEN,
                        "another share is called '" + known.name() + "' (" + known.place() + ")",
                        "choose another name with --name");
            }
        }
        Transfer added = transfers.add(
                NewTransfer.share(scan.name(), scan.root(), request.audience(), request.reshare(), clock.instant()));
        if (scan.leftOut().count() > 0) {
            log.info("{}: left out {}", added.id(), scan.leftOut().counts());
        }
        hash(added, scan);
        return new Shared(added, scan.leftOut());
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

    /** The files stay. */
    Transfer unshare(Transfer transfer) {
        Reading reading = hashing.remove(transfer.id());
        if (reading != null) {
            reading.result().cancel(true);
        }
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

    /** Compares the files with what was hashed. */
    Transfer recheck(Transfer transfer) {
        if (transfer.state() == TransferState.HASHING || transfer.state() == TransferState.VERIFYING) {
            return transfer; // under way
        }
        InfoHash hash = transfer.hash();
        Optional<InfoDictionary> info = hash == null ? Optional.empty() : storedInfo(hash);
        Optional<Bytes> digests = hash == null ? Optional.empty() : store.digests(hash);
        if (hash == null || info.isEmpty() || digests.isEmpty()) {
            load(transfer);
            return transfers.get(transfer.id());
        }
        boolean seeding = transfer.state() == TransferState.SEEDING;
        Transfer verifying = transfers.put(transfer.with(TransferState.VERIFYING));
        var unused = finisher.verify(transfer.id(), info.get(), transfer.place(), digests.get())
                .whenCompleteAsync(
                        (right, failure) -> step(transfer.id(), now -> onRechecked(now, hash, seeding, failure)),
                        mailbox);
        return verifying;
    }

    /** @param complete whether every file is there with its size */
    void onChecked(Transfer transfer, InfoHash hash, boolean complete) {
        if (!inEngine.contains(hash)) {
            return;
        }
        if (complete) {
            step(transfer.id(), now -> {
                transfers.put(now.with(TransferState.SEEDING));
                engine.resume(hash);
            });
        } else {
            takeBack(hash);
            fail(
                    transfer,
                    new UserException(
                            ErrorCode.CONTENT_CHANGED,
                            "files of '" + transfer.name()
                                    + "' are missing or have another size than when they were shared",
                            BRING_BACK));
        }
    }

    void onFailed(Transfer transfer, InfoHash hash, ErrorCode code, String reason) {
        if (!inEngine.contains(hash)) {
            return;
        }
        takeBack(hash);
        fail(transfer, new UserException(code, reason, "see to it, then: bitween recheck NAME"));
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
            keep(transfer, hashed);
        } else {
            fail(transfer, Failures.explain(failure));
        }
    }

    private void keep(Transfer transfer, HashedShare hashed) {
        InfoDictionary info = hashed.info();
        InfoHash hash = info.hash();
        Share share = new Share(
                info.name(),
                hash,
                info.contentId(),
                info.totalBytes(),
                info.files().size(),
                store.allowsReshare(transfer.id()));
        Transfer known = transfer.with(share);
        transfers.put(known, hash, hashed.encoded(), hashed.digests(), clock.instant());
        figures.put(known.id(), info.totalBytes(), info.totalBytes());
        log.info("{} shared: {} files, {} bytes", hash, share.files(), share.sizeBytes());
        seed(known, hash);
    }

    private void seed(Transfer transfer, InfoHash hash) {
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
            engine.add(new Torrent(hash, info.encoded(), places.savePath(hash), Torrent.Start.COMPLETE, null));
        } catch (UserException e) {
            inEngine.remove(hash);
            fail(transfer, e);
        }
    }

    private void takeBack(InfoHash hash) {
        if (inEngine.remove(hash)) {
            engine.remove(hash);
        }
    }

    /** A link that stays does no harm. */
    private void unlink(InfoHash hash) {
        try {
            places.unlink(hash);
        } catch (UserException e) {
            log.warn("{} left something in the home: {}", hash, e.sentence());
        }
    }

    private void onRechecked(Transfer transfer, InfoHash hash, boolean seeding, @Nullable Throwable failure) {
        if (failure == null && seeding) {
            transfers.put(transfer.with(TransferState.SEEDING));
        } else if (failure == null) {
            seed(transfer, hash);
        } else if (!stopping) {
            takeBack(hash);
            fail(transfer, forOwner(Failures.explain(failure)));
        }
    }

    private static UserException forOwner(UserException wrong) {
        return wrong.code() != ErrorCode.CONTENT_CHANGED
                ? wrong
                : new UserException(
                        wrong.code(),
                        wrong.sentence()
                                .replace(Finisher.NOT_AS_HASHED, "are missing or have changed since they were shared"),
                        BRING_BACK,
                        wrong);
    }

    /** Goes on with a share that is still there: whatever goes wrong ends it as FAILED, with the reason. */
    private void step(TransferId id, Consumer<Transfer> step) {
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
    private void fail(Transfer transfer, UserException why) {
        if (stopping) {
            return;
        }
        log.error("{} cannot be shared: {}", transfer.id(), why.sentence());
        transfers.fail(transfer, Failure.of(why, clock.instant()));
    }

    private Optional<InfoDictionary> storedInfo(InfoHash hash) {
        return store.metadata(hash).map(info -> MetadataValidator.validate(info, hash));
    }
}
