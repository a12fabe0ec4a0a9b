package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.TorrentEvent.RevisionNotKept;
import bitween.message.TorrentRequest.Shared;
import bitween.model.Failure;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.KeptStore;
import bitween.store.KeptStore.Kept;
import bitween.store.RevisionStore;
import bitween.store.TorrentStore;
import bitween.torrent.KeptFiles.Content;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files of live shares' revisions, and seeds those that were. Thread: {@code torrent}; {@link KeptFiles} copies on {@code keep}, one revision after the other.
 *
 * <p>A revision is kept while it is the one that is offered: later its bytes are gone. Its row is made when all its files are in place, and goes before they do. What is
 * to be kept, offered and dropped is seen once a second by what there is, so nobody has to tell that a share was revised, removed or is live no longer.
 */
final class Keeping {
    private static final Logger log = LogManager.getLogger(Keeping.class);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore torrents;
    private final KeptStore store;
    private final TorrentEngine engine;
    private final Places places;
    private final KeptFiles files;
    private final Executor keeper;
    private final Clock clock;
    private final Map<TransferId, Integer> wanted = new HashMap<>();
    /** In the order in which they were kept. */
    private final Map<InfoHash, Kept> kept = new LinkedHashMap<>();

    private final Set<InfoHash> inEngine = new HashSet<>();
    /** Of which the engine cannot read the files: until the next start. */
    private final Set<InfoHash> unreadable = new HashSet<>();
    /** What could not be kept, or had to make room, is not tried again. */
    private final Set<InfoHash> refused = new HashSet<>();
    /** What was offered at the start is kept if there is room: it makes none for itself, or two shares would oust each other at each start. */
    private final Map<TransferId, InfoHash> before = new HashMap<>();

    private boolean loaded;
    private @Nullable InfoHash working;
    private volatile boolean stopping;

    Keeping(TorrentWorker.Parts parts, Transfers transfers, Places places, Room room) {
        bus = parts.bus();
        mailbox = parts.mailbox();
        this.transfers = transfers;
        torrents = parts.store();
        store = torrents.kept();
        engine = parts.engine();
        this.places = places;
        files = new KeptFiles(parts.revisions(), parts.revisionsBytes(), room);
        keeper = parts.keep();
        clock = parts.clock();
    }

    /** At start, after the transfers. */
    void load() {
        wanted.putAll(store.wanted());
        store.all().forEach(one -> kept.put(one.hash(), one));
        wanted.keySet().forEach(id -> transfers.find(id).map(Transfer::hash).ifPresent(hash -> before.put(id, hash)));
        Set<InfoHash> known = Set.copyOf(kept.keySet());
        var unused = CompletableFuture.supplyAsync(() -> files.clean(known), keeper)
                .whenCompleteAsync((there, failure) -> onCleaned(known, there, failure), mailbox);
    }

    private void onCleaned(Set<InfoHash> known, @Nullable Set<InfoHash> there, @Nullable Throwable failure) {
        if (there == null) {
            log.error(
                    "no revisions are kept until the next start: {}",
                    Failures.explain(failure).sentence());
            return;
        }
        for (InfoHash hash : known) {
            if (!there.contains(hash)) {
                log.warn("{} is kept no longer: its files are gone", hash);
                drop(hash);
            }
        }
        loaded = true;
    }

    /** @param revisions of how many of it the files are kept, that which is offered included; null: as before */
    Shared wanted(Shared shared, @Nullable Integer revisions) {
        Transfer share = shared.transfer();
        if (revisions != null) {
            store.want(share.id(), revisions);
            wanted.put(share.id(), revisions);
            before.remove(share.id());
            if (share.hash() != null) {
                refused.remove(share.hash());
            }
        }
        return shared;
    }

    /** What is kept of it, but for {@code offered}: the newest first. */
    List<Former> former(TransferId share, InfoHash offered) {
        return kept.values().stream()
                .filter(one -> one.share().equals(share) && !one.hash().equals(offered))
                .filter(one -> !unreadable.contains(one.hash()))
                .map(Kept::revision)
                .sorted(Comparator.comparingInt(Former::number).reversed())
                .toList();
    }

    void onTick() {
        if (!loaded || stopping) {
            return;
        }
        try {
            List.copyOf(kept.values()).forEach(this::look);
            List.copyOf(wanted.keySet())
                    .forEach(id -> transfers.find(id).ifPresentOrElse(this::keepNewest, () -> wanted.remove(id)));
            transfers.all().forEach(this::tell);
        } catch (UserException e) {
            log.warn("kept revisions are looked at again: {}", e.sentence());
        }
    }

    void stop() {
        stopping = true;
    }

    private void look(Kept one) {
        Transfer share = transfers.find(one.share()).orElse(null);
        Share now = share == null ? null : share.share();
        int most = wanted.getOrDefault(one.share(), 0);
        if (share == null || !share.isLive() || most == 0) {
            drop(one.hash());
        } else if (now != null && one.revision().number() <= now.revision() - most) {
            drop(one.hash());
        } else if (now != null && !one.hash().equals(now.hash()) && !unreadable.contains(one.hash())) {
            seed(one.hash());
        }
    }

    private void seed(InfoHash hash) {
        if (inEngine.contains(hash)) {
            return;
        }
        Content content = content(hash).orElse(null);
        if (content == null) {
            drop(hash); // its row has fallen behind those of a hundred others
            return;
        }
        if (content.info().totalBytes() > 0) {
            places.link(hash, content.info().name(), files.content(hash));
            engine.add(
                    new Torrent(hash, content.info().encoded(), places.savePath(hash), Torrent.Start.COMPLETE, null));
        }
        inEngine.add(hash);
    }

    private Optional<Content> content(InfoHash hash) {
        return torrents.revisions().content(hash).map(stored -> content(hash, stored));
    }

    private static Content content(InfoHash hash, RevisionStore.Content stored) {
        InfoDictionary info = MetadataValidator.validate(stored.info(), hash);
        return new Content(hash, info, stored.digests());
    }

    private void drop(InfoHash hash) {
        store.drop(hash);
        kept.remove(hash);
        unreadable.remove(hash);
        if (inEngine.remove(hash)) {
            engine.remove(hash);
            places.unlink(hash);
        }
        log.info("{} is kept no longer", hash);
        keeper.execute(() -> files.drop(hash));
    }

    /** Friends are told when what can be had is other. */
    private void tell(Transfer transfer) {
        Share share = transfer.share();
        if (share != null && transfer.kind() == Transfer.Kind.SHARE) {
            List<Former> now = former(transfer.id(), share.hash());
            if (!now.equals(share.kept())) {
                transfers.put(transfer.with(share.keeping(now)));
            }
        }
    }

    private void keepNewest(Transfer share) {
        InfoHash hash = share.hash();
        boolean wants =
                wanted.getOrDefault(share.id(), 0) > 0 && share.isLive() && share.state() == TransferState.SEEDING;
        if (!wants || hash == null || working != null || kept.containsKey(hash) || refused.contains(hash)) {
            return;
        }
        Share revision = Objects.requireNonNull(share.share(), "it is seeded");
        InfoHash last =
                former(share.id(), hash).stream().map(Former::hash).findFirst().orElse(null);
        List<InfoHash> oldestFirst = List.copyOf(kept.keySet());
        boolean mayDrop = !hash.equals(before.get(share.id()));
        working = hash;
        var unused = CompletableFuture.supplyAsync(
                        () -> {
                            Content next = content(hash).orElseThrow();
                            return files.inTheWay(next, contentOf(last), oldestFirst, mayDrop);
                        },
                        keeper)
                .thenApplyAsync(gone -> dropped(gone, last), mailbox)
                .thenApplyAsync(
                        gone -> {
                            files.keep(content(hash).orElseThrow(), share.place(), contentOf(last), () -> !stopping);
                            return gone.contains(last);
                        },
                        keeper)
                .whenCompleteAsync(
                        (lastGoes, failure) ->
                                onKept(share.id(), revision, lastGoes != null && lastGoes ? last : null, failure),
                        mailbox);
    }

    private @Nullable Content contentOf(@Nullable InfoHash hash) {
        return hash == null ? null : content(hash).orElse(null);
    }

    /** @param last of which the next has files: it goes after that is kept */
    private List<InfoHash> dropped(List<InfoHash> gone, @Nullable InfoHash last) {
        gone.stream()
                .filter(hash -> !hash.equals(last) && kept.containsKey(hash))
                .forEach(this::drop);
        refused.addAll(gone);
        return gone;
    }

    /** @param last makes room; null: it need not */
    private void onKept(TransferId id, Share revision, @Nullable InfoHash last, @Nullable Throwable failure) {
        working = null;
        Transfer share = transfers.find(id).orElse(null);
        InfoHash hash = revision.hash();
        if (stopping) {
            return;
        }
        if (failure != null) {
            refused.add(hash);
            if (share != null && !(failure.getCause() instanceof CancellationException)) {
                refuse(share, revision, Failures.explain(failure));
            }
            return;
        }
        Kept one = new Kept(id, new Former(revision.revision(), hash));
        try {
            if (share != null && share.isLive() && store.keep(one)) {
                kept.put(hash, one);
                log.info("{}: the files of revision {} are kept", id, revision.revision());
                if (last != null && kept.containsKey(last)) {
                    drop(last);
                }
                return;
            }
        } catch (UserException e) {
            refused.add(hash);
            refuse(Objects.requireNonNull(share), revision, e);
        }
        keeper.execute(() -> files.drop(hash));
    }

    private void refuse(Transfer share, Share revision, UserException why) {
        log.warn("{}: the files of revision {} are not kept: {}", share.id(), revision.revision(), why.sentence());
        bus.publish(new RevisionNotKept(share, revision.revision(), Failure.of(why, clock.instant())));
    }

    /** The engine has looked at it. */
    void onChecked(InfoHash hash, boolean complete) {
        if (!inEngine.contains(hash)) {
            return;
        }
        if (complete) {
            engine.resume(hash);
        } else {
            log.warn("{} was kept, and is damaged", hash);
            drop(hash);
        }
    }

    /** The engine cannot go on with it. */
    void onFailed(InfoHash hash, String reason) {
        if (inEngine.remove(hash)) {
            log.warn("{} is kept, but cannot be read: {}", hash, reason);
            unreadable.add(hash);
            engine.remove(hash);
        }
    }
}
