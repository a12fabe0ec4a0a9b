package bitween.torrent;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.RevisionReplaced;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.MoveStore;
import bitween.store.NewTransfer;
import bitween.store.Removal;
import bitween.store.StoredTransfer;
import bitween.store.Succession;
import bitween.store.TorrentStore;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.HashedShare;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The shares and jobs, in memory and in the store. Thread: {@code torrent}. Every change is committed before it is published: what anybody was told holds
 * after a crash, and, but for passing states, after a power failure.
 */
final class Transfers {
    private static final Logger log = LogManager.getLogger(Transfers.class);
    private static final Set<TransferState> PASSING = EnumSet.of(
            TransferState.WAITING_FOR_FRIEND,
            TransferState.METADATA,
            TransferState.QUEUED,
            TransferState.DOWNLOADING,
            TransferState.VERIFYING);

    private final Bus bus;
    private final TorrentStore store;
    private final Copies copies;
    private final Map<TransferId, Transfer> byId = new LinkedHashMap<>();
    private final Map<InfoHash, TransferId> byHash = new HashMap<>();
    /** Of which the store does not know how they stand. */
    private final Set<TransferId> unstored = new LinkedHashSet<>();

    Transfers(Bus bus, TorrentStore store, Copies copies) {
        this.bus = bus;
        this.store = store;
        this.copies = copies;
    }

    /** At start, once. */
    List<StoredTransfer> load() {
        List<StoredTransfer> stored = copies.rebuild();
        stored.forEach(row -> remember(row.transfer()));
        bus.publish(new TransfersLoaded(List.copyOf(byId.values())));
        return stored;
    }

    Collection<Transfer> all() {
        return List.copyOf(byId.values());
    }

    Optional<Transfer> find(TransferId id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Transfer> find(InfoHash hash) {
        return Optional.ofNullable(byHash.get(hash)).map(byId::get);
    }

    /** Whether {@code place} is no other share's or job's. */
    boolean isOnly(TransferId id, Path place) {
        return byId.values().stream()
                .noneMatch(other -> !other.id().equals(id) && other.place().equals(place));
    }

    /** @throws UserException UNKNOWN_JOB: it has just been removed */
    Transfer get(TransferId id) {
        return find(id).orElseThrow(() -> new UserException(
                ErrorCode.UNKNOWN_JOB,
                "there is no transfer " + id + " any more",
                "bitween jobs and bitween shares show what there is"));
    }

    Transfer add(NewTransfer added) {
        return add(added, store.insert(added));
    }

    /** A job that takes the place of another. */
    Transfer add(NewTransfer added, Succession succession) {
        return add(added, store.successions().insert(added, succession));
    }

    private Transfer add(NewTransfer added, TransferId id) {
        Transfer transfer = Transfer.of(
                        id,
                        added.kind(),
                        added.name(),
                        added.place(),
                        added.state(),
                        added.hash(),
                        added.since(),
                        added.audience())
                .choosing(added.selection())
                .with(added.mode());
        remember(transfer);
        bus.publish(new TransferChanged(transfer));
        return transfer;
    }

    /** Without effect when it was removed meanwhile. */
    Transfer put(Transfer changed) {
        if (changed.equals(byId.get(changed.id()))) {
            return changed;
        }
        if (Copies.isNews(byId.get(changed.id()), changed)) {
            copies.keep(changed);
        }
        try {
            boolean stored =
                    isPassing(byId.get(changed.id()), changed) ? store.updateRelaxed(changed) : store.update(changed);
            unstored.remove(changed.id());
            return stored ? published(changed) : changed;
        } catch (UserException e) {
            if (store.trouble() == null || !isFoundAgain(byId.get(changed.id()), changed)) {
                throw e;
            }
            unstored.add(changed.id());
            return published(changed);
        }
    }

    /** While the store takes nothing, what a start would find out again is kept here, and nobody's work ends because of it. */
    void storeAgain() {
        for (TransferId id : List.copyOf(unstored)) {
            try {
                Transfer now = byId.get(id);
                if (now != null) {
                    store.update(now);
                }
                unstored.remove(id);
            } catch (UserException e) {
                log.debug("{} is not stored yet: {}", id, e.sentence());
                return; // the others would not be, either
            }
        }
    }

    /** A share whose files were hashed. Without effect when it was removed meanwhile. */
    Transfer put(Transfer hashed, InfoHash hash, HashedShare share, Instant now) {
        copies.keep(hashed, hash, share.encoded(), share.digests());
        if (store.update(
                hashed, share.encoded(), share.digests(), share.stamps().encoded(), now)) {
            return published(hashed);
        }
        copies.drop(hash);
        return hashed;
    }

    /**
     * A live share with its next revision.
     *
     * @param before the hash that it had
     * @return false when it was removed meanwhile, and nothing is changed
     */
    boolean revise(Transfer revised, InfoHash before, HashedShare share, Instant now) {
        InfoHash hash = share.info().hash();
        copies.keep(revised, hash, share.encoded(), share.digests());
        boolean stored = false;
        try {
            stored = store.revisions()
                    .revise(
                            revised,
                            before,
                            share.encoded(),
                            share.digests(),
                            share.stamps().encoded(),
                            now);
        } finally {
            if (!stored) {
                copies.drop(hash);
            }
        }
        if (!stored) {
            return false;
        }
        copies.drop(before);
        byHash.remove(before);
        unstored.remove(revised.id());
        published(revised);
        return true;
    }

    /** What was moved counts at its new place. Without effect when it was removed meanwhile. */
    void switchTo(MoveStore moves, Transfer moved, @Nullable Path staging) {
        copies.keep(moved);
        if (moves.switchTo(moved, staging)) {
            published(moved);
        }
    }

    /**
     * The newer revision is here, for whom the earlier one was until now, and that is forgotten. Without effect when it was removed meanwhile.
     *
     * @param came of its files
     * @return what it is then: withheld, too, where its user had paused the earlier one
     */
    Transfer succeed(Transfer done, Chosen came) {
        Optional<Transfer> earlier =
                store.successions().of(done.id()).map(Succession::earlier).map(byId::get);
        Transfer heir = earlier.map(before -> heir(done, before)).orElse(done);
        copies.keep(heir);
        if (store.successions().end(heir)) {
            unstored.remove(heir.id());
            earlier.ifPresent(this::forgotten);
            bus.publish(new RevisionReplaced(heir, came.files().size(), came.totalBytes()));
            published(heir);
        }
        return heir;
    }

    private static Transfer heir(Transfer done, Transfer before) {
        Transfer heir = done.with(done.audience().with(before.audience().grantees()));
        Failure why = before.failure();
        boolean withheld = before.kind() == Transfer.Kind.SHARE && before.isPausedByUser();
        return withheld && why != null && done.state() == TransferState.COMPLETE && done.selection() == null
                ? heir.shared(before.name()).paused(why)
                : heir;
    }

    private void forgotten(Transfer earlier) {
        copies.drop(earlier.hash());
        byId.remove(earlier.id());
        unstored.remove(earlier.id());
        byHash.remove(Objects.requireNonNull(earlier.hash(), "it was complete"));
        bus.publish(new TransferRemoved(earlier));
    }

    /** Whom a share is for from now on. */
    Transfer put(Transfer share, Audience audience) {
        if (audience.equals(share.audience())) {
            return share;
        }
        Transfer changed = share.with(audience);
        return store.saveAudience(share.id(), audience) ? published(changed) : changed;
    }

    void fail(Transfer transfer, Failure why) {
        end(transfer.failed(why));
    }

    /** What failed or pauses; also when that cannot be stored: then until the next start, which sees for itself. */
    void end(Transfer ended) {
        try {
            put(ended);
        } catch (UserException e) {
            log.error(
                    "{} is not stored as {}: {}",
                    ended.id(),
                    ended.state().name().toLowerCase(Locale.ROOT),
                    e.sentence());
            unstored.add(ended.id());
            published(ended);
        }
    }

    /** What does not change what it is, for whom, or whether its user lets it rest. */
    private static boolean isFoundAgain(@Nullable Transfer before, Transfer after) {
        return before != null
                && !before.isPausedByUser()
                && !after.isPausedByUser()
                && after.kind() == before.kind()
                && after.name().equals(before.name())
                && after.place().equals(before.place())
                && Objects.equals(after.share(), before.share())
                && Objects.equals(after.selection(), before.selection())
                && after.priority() == before.priority()
                && after.limit().equals(before.limit())
                && after.filePriorities().equals(before.filePriorities())
                && after.audience().equals(before.audience());
    }

    /** What a start finds out again: the state alone, and none that was told as an end. */
    private static boolean isPassing(@Nullable Transfer before, Transfer after) {
        return before != null
                && before.failure() == null
                && PASSING.contains(after.state())
                && after.equals(before.with(after.state()));
    }

    /** After the store has it. */
    private Transfer published(Transfer changed) {
        remember(changed);
        bus.publish(new TransferChanged(changed));
        return changed;
    }

    void remove(Transfer transfer) {
        remove(transfer, null);
    }

    /** @param rest what is to be deleted of it afterwards, also after a crash; null: nothing */
    void remove(Transfer transfer, @Nullable Removal rest) {
        copies.drop(transfer.hash());
        store.remove(transfer.id(), rest);
        copies.drop(transfer.hash()); // whoever gives older ones their file may just have done so
        byId.remove(transfer.id());
        unstored.remove(transfer.id());
        if (transfer.hash() != null) {
            byHash.remove(transfer.hash());
        }
        bus.publish(new TransferRemoved(transfer));
    }

    private void remember(Transfer transfer) {
        byId.put(transfer.id(), transfer);
        if (transfer.hash() != null) {
            byHash.put(transfer.hash(), transfer.id());
        }
    }
}
