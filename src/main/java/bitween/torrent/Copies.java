package bitween.torrent;

import bitween.model.Audience;
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
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The files beside the database that hold each share and job once more. Thread: {@code torrent}, but for {@link #fillUp}.
 *
 * <p>A file is written before the row that it stands for, and removed before it: one without a row means that the database has lost something. Whom it was
 * for is lost, too, so what is rebuilt is for nobody and rests until the user has looked at it.
 */
final class Copies {
    private static final Logger log = LogManager.getLogger(Copies.class);

    private final TorrentStore store;
    private final Clock clock;

    Copies(TorrentStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Whether what the file says of it has changed. */
    static boolean isNews(@Nullable Transfer before, Transfer after) {
        return after.share() != null
                && (before == null
                        || before.share() == null
                        || before.kind() != after.kind()
                        || !before.name().equals(after.name())
                        || !before.place().equals(after.place())
                        || before.mode() != after.mode()
                        || !Objects.equals(before.selection(), after.selection()));
    }

    /** Without effect while the metadata are not here. */
    void keep(Transfer transfer) {
        InfoHash hash = transfer.hash();
        Optional<Bytes> info = hash == null ? Optional.empty() : store.metadata(hash);
        if (hash != null && info.isPresent()) {
            keep(transfer, hash, info.get(), store.digests(hash).orElse(null));
        }
    }

    void keep(Transfer transfer, InfoHash hash, Bytes info, @Nullable Bytes digests) {
        Share share = transfer.share();
        if (share != null) {
            store.files().save(hash, TorrentCopy.encoded(transfer, share, info, digests));
        }
    }

    void drop(@Nullable InfoHash hash) {
        if (hash != null) {
            store.files().remove(hash);
        }
    }

    /**
     * At start, before anybody has looked into the store: brings back what it has lost.
     *
     * @return all that is in it then
     */
    List<StoredTransfer> rebuild() {
        List<StoredTransfer> known = store.all();
        Set<InfoHash> lost = store.files().all();
        boolean doubtful = store.wasRestoredNow() && store.files().areComplete();
        if (doubtful) {
            doubt(known, Set.copyOf(lost));
        }
        known.forEach(row -> lost.remove(row.transfer().hash()));
        for (InfoHash hash : lost) {
            try {
                rebuild(hash, known);
            } catch (UserException e) {
                log.error("{} is not in the database, and cannot be brought back: {}", hash, e.sentence());
            }
        }
        return doubtful || !lost.isEmpty() ? store.all() : known;
    }

    /** Gives what was added by an older version its file. Any thread but {@code bus}; takes some milliseconds each. */
    void fillUp() {
        if (store.files().areComplete()) {
            return;
        }
        Set<InfoHash> there = store.files().all();
        for (StoredTransfer row : store.all()) {
            Transfer transfer = row.transfer();
            if (transfer.share() != null && !there.contains(transfer.hash())) {
                keep(transfer);
                dropIfGone(transfer);
            }
        }
        store.files().setComplete();
    }

    /** Somebody may have removed it while its file was written. */
    void dropIfGone(Transfer transfer) {
        if (store.all().stream().noneMatch(row -> row.transfer().id().equals(transfer.id()))) {
            drop(transfer.hash());
        }
    }

    /** What has no file any more was removed after the backup was made that is in use now: it must not be given to anybody again. */
    private void doubt(List<StoredTransfer> known, Set<InfoHash> kept) {
        for (StoredTransfer row : known) {
            Transfer transfer = row.transfer();
            if (transfer.share() != null && !kept.contains(transfer.hash())) {
                log.warn("{} was removed after the backup was made: it rests", transfer.id());
                store.saveAudience(transfer.id(), Audience.NOBODY);
                store.update(transfer.failed(Failure.of(
                        new UserException(
                                ErrorCode.REBUILT,
                                "'" + transfer.name() + "' was removed after the backup was made that is in use now",
                                transfer.kind() == Transfer.Kind.SHARE
                                        ? "remove it with bitween unshare, or keep it with bitween recheck and grant"
                                        : "remove it with bitween rm, or go on with bitween recheck"),
                        clock.instant())));
            }
        }
    }

    private void rebuild(InfoHash hash, List<StoredTransfer> known) {
        TorrentCopy copy = TorrentCopy.read(store.files().read(hash, TorrentCopy.MAX_BYTES), hash);
        if (known.stream().anyMatch(row -> isSame(row.transfer(), copy))) {
            drop(hash); // it was hashed anew, or fetched anew
            return;
        }
        String name = freeName(copy, known);
        boolean complete = copy.kind() == Transfer.Kind.JOB
                && Files.exists(copy.place())
                && !Files.exists(Places.staging(Places.parentOf(copy.place()), hash));
        Share share = new Share(
                copy.info().name(),
                hash,
                copy.info().contentId(),
                copy.info().totalBytes(),
                copy.info().files().size(),
                copy.reshare(),
                copy.revision());
        Path directory = copy.kind() == Transfer.Kind.JOB ? Places.parentOf(copy.place()) : null;
        Transfer rebuilt = store.rebuild(
                new NewTransfer(
                        copy.kind(),
                        name,
                        copy.place(),
                        TransferState.FAILED,
                        hash,
                        directory,
                        null,
                        null,
                        Audience.NOBODY,
                        copy.reshare(),
                        false,
                        copy.mode(),
                        copy.selection(),
                        null,
                        copy.since()),
                id -> rebuilt(copy, id, name, share, complete),
                hash,
                copy.info().encoded(),
                copy.digests());
        log.warn("{} was not in the database, and is back from its copy: it rests, and is for nobody", rebuilt.id());
    }

    private Transfer rebuilt(TorrentCopy copy, TransferId id, String name, Share share, boolean complete) {
        Instant now = clock.instant();
        Transfer there = Transfer.of(
                        id,
                        copy.kind(),
                        name,
                        copy.place(),
                        TransferState.FAILED,
                        share.hash(),
                        copy.since(),
                        Audience.NOBODY)
                .with(share)
                .choosing(copy.selection())
                .with(copy.mode());
        return (complete ? there.completed(now) : there).failed(Failure.of(why(copy, name, id), now));
    }

    private static boolean isSame(Transfer transfer, TorrentCopy copy) {
        return transfer.kind() == copy.kind() && transfer.place().equals(copy.place());
    }

    private static String freeName(TorrentCopy copy, List<StoredTransfer> known) {
        Set<String> taken = known.stream()
                .map(StoredTransfer::transfer)
                .filter(transfer -> transfer.kind() == Transfer.Kind.SHARE)
                .map(Transfer::name)
                .collect(Collectors.toCollection(HashSet::new));
        String name = copy.name();
        for (int number = 2; copy.kind() == Transfer.Kind.SHARE && taken.contains(name); number++) {
            name = copy.name() + " (" + number + ")";
        }
        return name;
    }

    private static UserException why(TorrentCopy copy, String name, TransferId id) {
        boolean share = copy.kind() == Transfer.Kind.SHARE;
        return new UserException(
                ErrorCode.REBUILT,
                "'" + name + "' was lost with the database and is back from its copy"
                        + (share ? "; for whom it was is not known" : ""),
                share
                        ? "bitween recheck '" + id + "' compares its files, and bitween grant '" + id
                                + "' WHO says for whom it is"
                        : "go on with: bitween recheck '" + id + "'");
    }
}
