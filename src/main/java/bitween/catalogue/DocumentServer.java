package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.DeviceRequest.ServeAnswer;
import bitween.message.DeviceRequest.ServePage;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.store.RevisionStore;
import bitween.store.TorrentStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers what friends' devices ask: our catalogue as they may see it, and the info dictionary and digests of each share. Thread: {@code io}, because it reads
 * the store.
 *
 * <p>What is not shared with the asker does not exist: the answer is that to a hash that nobody knows, given before anything is read. A device that names a
 * list of ours that it was sent gets what is other now, and nothing when nothing is. Whoever asks for much work has it in {@link Turns}.
 */
public final class DocumentServer {
    /** Documents that are being read page by page at one time; each asker reads one after the other. */
    private static final int CACHED = 8;
    /** Contacts who read page by page at one time; of the others, the name of their view is made anew. */
    private static final int VIEWS = 256;
    /** Five devices with the largest lists there may be, or hundreds with usual ones. References, for the most part to what the catalogue holds: 4 MB. */
    private static final int REMEMBERED = 10 * ListDifference.MAX_SHARES;

    /** Two devices with the largest lists, each before and after a change. */
    private static final int REMEMBERED_OF_ONE = 4 * ListDifference.MAX_SHARES;

    private final Bus bus;
    private final Mailbox io;
    private final CatalogueKeeper keeper;
    private final TorrentStore store;
    private final Revisions revisions;
    /** A catalogue stands under the name of its view, so that who may see the same shares one document. */
    private final Map<Key, Served> cache = latest(CACHED);
    /** Of those who ask, what the view of each is called; {@code announced} says of which state of the catalogue. */
    private final Map<Jid, View> views = latest(VIEWS);

    /** What those who ask hold, so that they are sent only what is other. */
    private final SentLists sent = new SentLists(REMEMBERED, REMEMBERED_OF_ONE);

    private final Turns turns;

    /** @param base of a difference, the revision to which it is one; else empty */
    private record Key(PageQuery.Kind kind, String base, String revision) {}

    /** @param revision as pages of the document name it */
    private record Served(String revision, Bytes document) {}

    private record View(String announced, String revision) {}

    public DocumentServer(
            Bus bus, Mailbox io, Timers timers, CatalogueKeeper keeper, TorrentStore store, Revisions revisions) {
        this(bus, io, new Turns(io, timers, System::nanoTime), keeper, store, revisions);
    }

    DocumentServer(Bus bus, Mailbox io, Turns turns, CatalogueKeeper keeper, TorrentStore store, Revisions revisions) {
        this.bus = bus;
        this.io = io;
        this.turns = turns;
        this.keeper = keeper;
        this.store = store;
        this.revisions = revisions;
        bus.answerLater(ServePage.class, io, this::onServePage);
    }

    private CompletableFuture<Page> onServePage(ServePage request) {
        PageQuery query = request.query();
        InfoHash hash = query.hash();
        boolean taken = query.kind() == PageQuery.Kind.TAKEN;
        if (hash != null && (taken || query.kind() == PageQuery.Kind.DECLINED)) {
            return bus.ask(new ServeAnswer(request.asker(), hash, taken))
                    .thenApply(known -> new Page(hash.hex(), 0, 0, Bytes.EMPTY));
        }
        return turns.take(request.asker().jid(), () -> page(request));
    }

    /** What may be served is looked up when it is. */
    private Page page(ServePage request) {
        assert io.isOwner() : Thread.currentThread();
        PageQuery query = request.query();
        Catalogue now = keeper.current();
        InfoHash hash = query.hash();
        if (hash == null) {
            return listPage(request.asker(), query, now);
        }
        if (!mayServeAny(request, hash, now)) {
            throw new UserException(
                    ErrorCode.UNKNOWN_SHARE, "nothing with the info-hash " + hash + " is shared here", "");
        }
        InfoHash held = query.heldHash();
        boolean known = held != null && mayServeAny(request, held, now);
        Key key = new Key(query.kind(), known ? query.held() : "", hash.hex());
        Served served = cache.computeIfAbsent(key, made -> read(query.kind(), hash, known ? held : null, now));
        return page(served.revision(), served.document(), query.offset());
    }

    private boolean mayServeAny(ServePage request, InfoHash hash, Catalogue now) {
        return now.mayServe(request.asker().jid(), hash) || mayServeFormer(request, hash, now);
    }

    /** Who may have a live share may know what it was. */
    private boolean mayServeFormer(ServePage request, InfoHash hash, Catalogue now) {
        return store.revisions()
                .wasOf(hash)
                .map(now.transfers()::get)
                .map(Transfer::hash)
                .filter(current -> now.mayServe(request.asker().jid(), current))
                .isPresent();
    }

    /** Whoever reads the last page has the list from then on. */
    private Page listPage(Device asker, PageQuery query, Catalogue now) {
        String revision = viewOf(asker.jid(), now);
        Page page = query.held().equals(revision)
                ? page(revision, Bytes.EMPTY, 0)
                : page(revision, list(asker, query.held(), revision, now), query.offset());
        if (page.offset() + page.content().size() == page.totalBytes()) {
            sent.sent(asker, query.held(), revision, now.sharesFor(asker.jid()));
        }
        return page;
    }

    private static Page page(String revision, Bytes document, int from) {
        // who reads a document that has shrunk meanwhile must learn its new revision, not an error
        int offset = Math.min(from, document.size());
        return new Page(revision, document.size(), offset, document.slice(offset, Page.MAX_BYTES));
    }

    /** The difference to what is held, when that is known and not as long as the whole. */
    private Bytes list(Device asker, String held, String revision, Catalogue now) {
        Optional<List<Share>> base = sent.of(asker, held);
        Key key = new Key(PageQuery.Kind.CATALOGUE, base.isEmpty() ? "" : held, revision);
        return cache.computeIfAbsent(key, made -> {
                    List<Share> shares = now.sharesFor(asker.jid());
                    ListDifference list = base.map(before -> ListDifference.between(held, before, shares))
                            .filter(difference -> difference.size() < shares.size())
                            .orElseGet(() -> ListDifference.whole(shares));
                    return new Served(revision, Compressed.deflate(CatalogueDocument.encode(list)));
                })
                .document();
    }

    /** As long as we announce the same, nobody's view has changed. */
    private String viewOf(Jid asker, Catalogue now) {
        View known = views.get(asker);
        if (known == null || known.announced.isEmpty() || !known.announced.equals(now.ownRevision())) {
            known = new View(now.ownRevision(), revisions.ofView(now.sharesFor(asker)));
            views.put(asker, known);
        }
        return known.revision;
    }

    /** @param held of which the asker holds the document; null: of none */
    private Served read(PageQuery.Kind kind, InfoHash hash, @Nullable InfoHash held, Catalogue now) {
        Bytes plain = document(kind, hash, now)
                .orElseThrow(() -> new UserException(ErrorCode.UNKNOWN_SHARE, hash + " has no " + kind + " here", ""));
        Optional<Bytes> before = held == null ? Optional.empty() : document(kind, held, now);
        Bytes difference =
                before.map(base -> ByteDifference.between(base, plain)).orElse(plain);
        return difference.size() < plain.size()
                ? new Served(DocumentFetch.differenceTo(hash), Compressed.deflate(difference))
                : new Served(hash.hex(), Compressed.deflate(plain));
    }

    private Optional<Bytes> document(PageQuery.Kind kind, InfoHash hash, Catalogue now) {
        return switch (kind) {
            case INFO ->
                store.metadata(hash).or(() -> store.revisions().content(hash).map(RevisionStore.Content::info));
            case DIGESTS ->
                store.digests(hash).or(() -> store.revisions().content(hash).map(RevisionStore.Content::digests));
            case HISTORY ->
                now.transfer(hash)
                        .map(share -> HistoryDocument.encode(store.revisions().history(share.id())));
            case CATALOGUE, TAKEN, DECLINED -> Optional.empty(); // which have no hash, or are no documents
        };
    }

    private static <K, V> Map<K, V> latest(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
