package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import bitween.torrent.format.MetadataValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks whether each share and job has what it lives by, and whether the home holds something that belongs to none. Thread: any but {@code bus}. */
public final class TransferCheck {
    private final TorrentStore store;
    private final Path links;
    private final List<Finding> findings = new ArrayList<>();

    /** A daemon that runs keeps the copy of a new share just before it stores the share. */
    private static final Duration JUST_NOW = Duration.ofMinutes(1);

    private TransferCheck(TorrentStore store, Path links) {
        this.store = store;
        this.links = links;
    }

    /** @param links where libtorrent's save paths are */
    public static List<Finding> check(TorrentStore store, Path links) {
        TransferCheck check = new TransferCheck(store, links);
        check.transfers();
        check.copies();
        check.links();
        return check.findings;
    }

    private void transfers() {
        int good = 0;
        List<StoredTransfer> all = store.all();
        for (StoredTransfer row : all) {
            Finding wrong = wrong(row);
            if (wrong == null) {
                good++;
            } else if (store.all().contains(row)) { // else a daemon that runs has just changed it
                findings.add(wrong);
            }
        }
        findings.add(Finding.ok("transfers", good + " of " + all.size() + " shares and jobs have all that they need"));
    }

    private @Nullable Finding wrong(StoredTransfer row) {
        Transfer transfer = row.transfer();
        String named = "'" + transfer.name() + "' (" + transfer.id() + ")";
        boolean stands = transfer.kind() == Transfer.Kind.SHARE || transfer.state() == TransferState.COMPLETE;
        if (stands && !Files.exists(transfer.place())) {
            return Finding.wrong(
                    "transfers",
                    ErrorCode.PATH_MISSING,
                    "the files of " + named + " are gone: nothing is at " + transfer.place() + " any more",
                    transfer.kind() == Transfer.Kind.JOB
                            ? "bring them back; or get them again with: bitween recheck '" + transfer.id()
                                    + "'; or forget them with: bitween rm '" + transfer.id() + "'"
                            : "bring them back, and run: bitween recheck '" + transfer.id()
                                    + "'; or share them no longer: bitween unshare '" + transfer.id() + "'");
        }
        Finding metadata = transfer.share() == null ? null : wrongMetadata(transfer, named);
        if (metadata != null) {
            return metadata;
        }
        Path staging = row.staging();
        boolean moves = transfer.state() == TransferState.VERIFYING;
        if (staging != null && !moves && !Files.exists(Places.parentOf(staging))) {
            return Finding.wrong(
                    "transfers",
                    ErrorCode.PATH_MISSING,
                    "the folder is gone in which " + named + " grows: " + staging,
                    "mount its disk, or run bitween recheck '" + transfer.id() + "' to begin again");
        }
        return null;
    }

    private @Nullable Finding wrongMetadata(Transfer transfer, String named) {
        InfoHash hash = transfer.hash();
        try {
            if (hash != null && store.metadata(hash).isPresent()) {
                var unused = MetadataValidator.validate(store.metadata(hash).get(), hash);
                return null;
            }
            return Finding.wrong(
                    "transfers",
                    ErrorCode.BAD_METADATA,
                    "the metadata of " + named + " are gone",
                    "remove it, and share or get it again");
        } catch (UserException e) {
            return Finding.wrong("transfers", e.code(), named + ": " + e.sentence(), e.hint());
        }
    }

    /** Those that are missing or damaged are written again. */
    private void copies() {
        Copies copies = new Copies(store, Clock.systemUTC());
        Set<InfoHash> there = store.files().all();
        int good = 0;
        int written = 0;
        for (StoredTransfer row : store.all()) {
            Share share = row.transfer().share();
            if (share == null) {
                continue;
            }
            if (there.contains(share.hash()) && isGood(share.hash())) {
                good++;
            } else if (row.hasMetadata()) {
                copies.keep(row.transfer());
                written++;
                copies.dropIfGone(row.transfer());
            }
        }
        findings.add(
                written == 0
                        ? Finding.ok("copies", good + " shares and jobs are kept beside the database")
                        : Finding.mended("copies", written + " copies beside the database were missing or damaged"));
        there.removeAll(known());
        there.removeIf(hash -> !store.files().isOlderThan(hash, Instant.now().minus(JUST_NOW)));
        if (!there.isEmpty()) {
            findings.add(Finding.wrong(
                    "copies",
                    ErrorCode.STORE_DAMAGED,
                    there.size() + " shares or jobs are not in the database, but kept beside it",
                    "start the daemon anew: it brings them back"));
        }
    }

    private boolean isGood(InfoHash hash) {
        try {
            var unused = TorrentCopy.read(store.files().read(hash, TorrentCopy.MAX_BYTES), hash);
            return true;
        } catch (UserException e) {
            return false;
        }
    }

    /** Beside a daemon that runs: a link is made after its row, and is known when the rows are read after the links. */
    private void links() {
        int removed = 0;
        try (Stream<Path> folders = Files.list(links)) {
            List<Path> all = folders.filter(
                            folder -> String.valueOf(folder.getFileName()).matches("[0-9a-f]{40}"))
                    .toList();
            Set<InfoHash> known = known();
            store.kept().all().forEach(kept -> known.add(kept.hash()));
            for (Path folder : all) {
                if (!known.contains(new InfoHash(String.valueOf(folder.getFileName())))) {
                    Places.deleteTree(folder);
                    removed++;
                }
            }
            findings.add(
                    removed == 0
                            ? Finding.ok("links", "none leads to what is here no longer")
                            : Finding.mended("links", removed + " led to what is here no longer"));
        } catch (IOException e) {
            findings.add(Finding.wrong("links", Places.cannotWrite(links, e)));
        } catch (UserException e) {
            findings.add(Finding.wrong("links", e));
        }
    }

    private Set<InfoHash> known() {
        return store.all().stream()
                .map(row -> row.transfer().hash())
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(HashSet::new));
    }
}
