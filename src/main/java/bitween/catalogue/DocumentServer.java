package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.ServePage;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers what friends' devices ask: our catalogue as they may see it, and the info dictionary and digests of each share. Thread: {@code io}, because it reads
 * the store.
 *
 * <p>What is not shared with the asker does not exist: the answer is that to a hash that nobody knows, given before anything is read.
 */
public final class DocumentServer {
    /** Documents that are being read page by page at one time; each asker reads one after the other. */
    private static final int CACHED = 8;
    /** Contacts who read page by page at one time; of the others, the name of their view is made anew. */
    private static final int VIEWS = 256;

    private final Mailbox io;
    private final CatalogueKeeper keeper;
    private final TorrentStore store;
    private final Revisions revisions;
    /** A catalogue stands under the name of its view, so that who may see the same shares one document. */
    private final Map<Key, Bytes> cache = latest(CACHED);
    /** Of those who ask, what the view of each is called; {@code announced} says of which state of the catalogue. */
    private final Map<Jid, View> views = latest(VIEWS);

    private record Key(PageQuery.Kind kind, String revision) {}

    private record View(String announced, String revision) {}

    public DocumentServer(Bus bus, Mailbox io, CatalogueKeeper keeper, TorrentStore store, Revisions revisions) {
        this.io = io;
        this.keeper = keeper;
        this.store = store;
        this.revisions = revisions;
        bus.answer(ServePage.class, io, this::onServePage);
    }

    private Page onServePage(ServePage request) {
        assert io.isOwner() : Thread.currentThread();
        PageQuery query = request.query();
        Catalogue now = keeper.current();
        Jid asker = request.asker().jid();
        InfoHash hash = query.hash();
        if (hash != null && !now.mayServe(asker, hash)) {
            throw new UserException(
                    ErrorCode.UNKNOWN_SHARE, "nothing with the info-hash " + hash + " is shared here", "");
        }
        String revision = hash == null ? viewOf(asker, now) : hash.hex();
        Bytes document =
                cache.computeIfAbsent(new Key(query.kind(), revision), key -> make(query.kind(), hash, asker, now));
        // who reads a document that has shrunk meanwhile must learn its new revision, not an error
        int offset = Math.min(query.offset(), document.size());
        return new Page(revision, document.size(), offset, document.slice(offset, Page.MAX_BYTES));
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

    private Bytes make(PageQuery.Kind kind, @Nullable InfoHash hash, Jid asker, Catalogue now) {
        if (hash == null) {
            return Compressed.deflate(CatalogueDocument.encode(now.sharesFor(asker)));
        }
        return (kind == PageQuery.Kind.INFO ? store.metadata(hash) : store.digests(hash))
                .map(Compressed::deflate)
                .orElseThrow(() -> new UserException(ErrorCode.UNKNOWN_SHARE, hash + " has no " + kind + " here", ""));
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
