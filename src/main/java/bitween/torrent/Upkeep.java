package bitween.torrent;

import bitween.bus.Mailbox;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.format.FileStamps;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.time.Clock;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether the files of a share are still what was hashed, and what becomes of it when they are not. Thread: {@code torrent}; the {@link Finisher}'s threads
 * look and read.
 *
 * <p>What is gone or has another size is not offered from that moment. What only looks touched is read first, and nobody gets it meanwhile. Files that are
 * back as they were are offered again, read only where they do not look as they did.
 */
final class Upkeep {
    private static final Logger log = LogManager.getLogger(Upkeep.class);
    /** Those whose files are looked at: others are at work, or failed for another reason. */
    private static final Set<TransferState> KEPT =
            EnumSet.of(TransferState.SEEDING, TransferState.MISSING, TransferState.STALE);

    private static final Set<TransferState> UNDER_WAY =
            EnumSet.of(TransferState.HASHING, TransferState.VERIFYING, TransferState.MOVING);

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final Finisher finisher;
    private final Sharing sharing;
    private final Revising revising;
    private final Clock clock;
    /** Whose files are being looked at because somebody said that they changed: one look at a time is enough. */
    private final Set<TransferId> looking = new HashSet<>();
    /** How files looked before the engine hashed them, because there are no digests. */
    private final Map<InfoHash, FileStamps> hashedByEngine = new HashMap<>();

    Upkeep(
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            Finisher finisher,
            Sharing sharing,
            Revising revising,
            Clock clock) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.finisher = finisher;
        this.sharing = sharing;
        this.revising = revising;
        this.clock = clock;
    }

    /** What is known of a share while its files are judged. */
    private record Case(
            InfoHash hash, InfoDictionary info, @Nullable FileStamps known) {}

    /** What to do with a share, given how its files look. */
    @FunctionalInterface
    private interface Judgement {
        void on(Transfer share, Case files, FilesLook look);
    }

    void onFilesChanged(FilesChanged event) {
        transfers.find(event.hash()).ifPresent(this::look);
    }

    /** Whether somebody's word that files changed is being looked into. */
    boolean isLooking() {
        return !looking.isEmpty() || revising.isLooking();
    }

    /** Withdraws a share whose files are not what was hashed, offers one again whose files are, and does nothing when all is as it was. */
    void look(Transfer share) {
        if (share.isLive()) {
            revising.begin(share);
            return;
        }
        boolean kept = share.kind() == Transfer.Kind.SHARE && KEPT.contains(share.state());
        if (kept && looking.add(share.id())) {
            look(share, true, this::judge);
        }
    }

    /** Offers a share again, once its files are known to be as they were. */
    void offerAgain(Transfer share) {
        look(transfers.put(share.with(TransferState.VERIFYING)), true, this::judge);
    }

    /** Reads all files of a share. */
    Transfer recheck(Transfer share) {
        if (share.isPausedByUser()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + share.name() + "' is paused",
                    "it is checked when it goes on: bitween resume '" + share.id() + "'");
        }
        boolean underWay = UNDER_WAY.contains(share.state());
        if (underWay || share.hash() == null) {
            if (!underWay) {
                sharing.load(share);
            }
            return transfers.get(share.id());
        }
        Transfer verifying = transfers.put(share.with(TransferState.VERIFYING));
        look(verifying, false, (now, files, look) -> {
            if (!isWithdrawn(now, files, look)) {
                BitSet all = new BitSet();
                all.set(0, files.info().files().size());
                read(now, files, look, all);
            }
        });
        return verifying;
    }

    /** @param complete whether the engine found every file with its size, and what it had to hash was right */
    void onChecked(Transfer share, InfoHash hash, boolean complete) {
        if (!sharing.isInEngine(hash)) {
            return;
        }
        FileStamps hashed = hashedByEngine.remove(hash);
        if (complete) {
            if (hashed != null) {
                store.saveStamps(hash, hashed.encoded());
            }
            sharing.onComplete(share, hash);
        } else {
            sharing.takeBack(hash);
            explain(
                    share,
                    new UserException(
                            ErrorCode.CONTENT_CHANGED,
                            "files of '" + share.name() + "' were missing or others than when they were shared",
                            "see to it, then: bitween recheck NAME"));
        }
    }

    /** The engine cannot go on with it. */
    void onFailed(Transfer share, InfoHash hash, ErrorCode code, String reason) {
        if (sharing.isInEngine(hash)) {
            sharing.takeBack(hash);
            explain(share, new UserException(code, reason, "see to it, then: bitween recheck NAME"));
        }
    }

    /** Most failures of the engine are files that are gone, cut off, or were replaced while it read them. */
    private void explain(Transfer share, UserException otherwise) {
        if (share.isLive() && share.state() == TransferState.SEEDING) {
            revising.begin(transfers.put(share.with(TransferState.HASHING)));
            return;
        }
        look(share, true, (now, files, look) -> {
            if (isWithdrawn(now, files, look)) {
                return;
            }
            if (now.state() == TransferState.SEEDING
                    && files.known() != null
                    && !look.touched().isEmpty()) {
                read(transfers.put(now.with(TransferState.VERIFYING)), files, look, look.touched());
            } else {
                sharing.fail(now, otherwise);
            }
        });
    }

    /** @param trusting whether what looks as it did was not changed */
    private void look(Transfer share, boolean trusting, Judgement judgement) {
        InfoHash hash = share.hash();
        if (hash == null) {
            return;
        }
        sharing.step(share.id(), now -> {
            InfoDictionary info = sharing.storedInfo(hash).orElse(null);
            if (info == null) {
                looking.remove(now.id());
                sharing.takeBack(hash);
                sharing.start(now, hash, TorrentEngine.Torrent.Start.COMPLETE); // says what is wrong
                return;
            }
            Optional<FileStamps> known = store.stamps(hash)
                    .filter(stamps -> trusting)
                    .flatMap(stamps -> FileStamps.parse(stamps, info.files().size()));
            Case files = new Case(hash, info, known.orElse(null));
            var unused = finisher.look(info, now.place(), files.known())
                    .whenCompleteAsync((look, failure) -> onLooked(now, files, look, failure, judgement), mailbox);
        });
    }

    private void onLooked(
            Transfer share, Case files, @Nullable FilesLook look, @Nullable Throwable failure, Judgement judgement) {
        looking.remove(share.id());
        sharing.step(share.id(), now -> {
            if (look == null) {
                sharing.fail(now, Failures.explain(failure));
            } else if (now.state() == share.state() && now.place().equals(share.place())) {
                judgement.on(now, files, look);
            } else {
                log.debug("{} is {} by now: the look at its files is void", now.id(), now.state());
            }
        });
    }

    private void judge(Transfer share, Case files, FilesLook look) {
        if (share.mode() == ShareMode.FROZEN && share.state() == TransferState.STALE) {
            return; // its user is to say what is right
        }
        if (isWithdrawn(share, files, look)) {
            return;
        }
        boolean seeding = share.state() == TransferState.SEEDING;
        if (files.known() == null && seeding) {
            store.saveStamps(files.hash(), look.now().encoded()); // it was shared before anybody kept how they look
        } else if (!look.touched().isEmpty()) {
            sharing.takeBack(files.hash());
            read(transfers.put(share.with(TransferState.VERIFYING)), files, look, look.touched());
        } else if (!seeding) {
            log.info("{} is as it was, and offered again", share.id());
            sharing.seed(share, files.hash());
        }
    }

    /** Compares these files with their digests; without digests the engine hashes all. */
    private void read(Transfer verifying, Case files, FilesLook look, BitSet which) {
        Optional<Bytes> digests = store.digests(files.hash());
        if (digests.isEmpty()) {
            sharing.takeBack(files.hash());
            hashedByEngine.put(files.hash(), look.now());
            sharing.start(verifying, files.hash(), TorrentEngine.Torrent.Start.CHECK);
            return;
        }
        var unused = finisher.differing(verifying.id(), files.info(), verifying.place(), digests.get(), which)
                .whenCompleteAsync((wrong, failure) -> onRead(verifying, files, look, wrong, failure), mailbox);
    }

    private void onRead(
            Transfer verifying, Case files, FilesLook look, @Nullable BitSet wrong, @Nullable Throwable failure) {
        sharing.step(verifying.id(), now -> {
            if (wrong == null) {
                sharing.takeBack(files.hash());
                sharing.fail(now, Failures.explain(failure));
            } else if (wrong.isEmpty()) {
                store.saveStamps(files.hash(), look.now().encoded());
                sharing.seed(now, files.hash());
            } else {
                store.saveStamps(files.hash(), look.now().refuted(wrong).encoded());
                withdraw(now, files, TransferState.STALE, wrong);
            }
        });
    }

    private boolean isWithdrawn(Transfer share, Case files, FilesLook look) {
        if (!look.missing().isEmpty()) {
            withdraw(share, files, TransferState.MISSING, look.missing());
        } else if (!look.changed().isEmpty()) {
            withdraw(share, files, TransferState.STALE, look.changed());
        } else {
            return false;
        }
        return true;
    }

    private void withdraw(Transfer share, Case files, TransferState state, BitSet wrong) {
        sharing.takeBack(files.hash());
        UserException why =
                state == TransferState.MISSING ? gone(share, files.info(), wrong) : changed(share, files.info(), wrong);
        Failure known = share.failure();
        boolean same = share.state() == state && known != null && known.reason().equals(why.sentence());
        if (!same && !sharing.isStopping()) {
            log.warn("{} is {}, and offered no longer: {}", share.id(), state, why.sentence());
            transfers.end(share.with(state, Failure.of(why, clock.instant())));
        }
    }

    private static UserException gone(Transfer share, InfoDictionary info, BitSet which) {
        return new UserException(
                ErrorCode.PATH_MISSING,
                Files.exists(share.place())
                        ? some(share, info, which) + " are gone" + first(info, which)
                        : "there is nothing at " + share.place() + " any more",
                "bring them back, or mount their disk, and it goes on by itself; or say where they are now: bitween relocate '"
                        + share.id() + "' DIR");
    }

    private static UserException changed(Transfer share, InfoDictionary info, BitSet which) {
        if (share.mode() == ShareMode.FROZEN) {
            return new UserException(
                    ErrorCode.FILES_CHANGED,
                    some(share, info, which) + " have changed, and it is frozen" + first(info, which),
                    "put them back as they were, and say: bitween recheck '" + share.id()
                            + "'; or share it as it is now: bitween share --frozen '" + share.place() + "'");
        }
        return new UserException(
                ErrorCode.CONTENT_CHANGED,
                some(share, info, which) + " have changed since they were shared" + first(info, which),
                "put them back as they were, and it goes on by itself; or "
                        + (isSent(share)
                                ? "send it as it is now: bitween unshare '" + share.id() + "', then bitween send '"
                                        + share.place() + "' "
                                        + (share.audience().grantees().size() == 1 ? share.audience() : "FRIEND")
                                : "share it as it is now: bitween share '" + share.place() + "'"));
    }

    private static boolean isSent(Transfer share) {
        Share known = share.share();
        return known != null && known.sent();
    }

    private static String some(Transfer share, InfoDictionary info, BitSet which) {
        return which.cardinality() + " of " + info.files().size() + " files of '" + share.name() + "'";
    }

    private static String first(InfoDictionary info, BitSet which) {
        return ", first '"
                + String.join("/", info.files().get(which.nextSetBit(0)).path()) + "'";
    }
}
