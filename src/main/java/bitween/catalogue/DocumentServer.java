package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.ServePage;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers what friends' devices ask: our catalogue, and the info dictionary and digests of each share. Thread: {@code io}, because it reads the store.
 *
 * <p>What is not shared does not exist: a job's info dictionary is not served.
 */
public final class DocumentServer {
    /** Documents that are being read page by page at one time; each asker reads one after the other. */
    private static final int CACHED = 8;

    private final Mailbox io;
    private final CatalogueKeeper keeper;
    private final TorrentStore store;
    private final Map<Key, Bytes> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Bytes> eldest) {
            return size() > CACHED;
        }
    };

    private record Key(PageQuery.Kind kind, String revision) {}

    public DocumentServer(Bus bus, Mailbox io, CatalogueKeeper keeper, TorrentStore store) {
        this.io = io;
        this.keeper = keeper;
        this.store = store;
        bus.answer(ServePage.class, io, this::onServePage);
    }

    private Page onServePage(ServePage request) {
        assert io.isOwner() : Thread.currentThread();
        PageQuery query = request.query();
        Catalogue now = keeper.current();
        InfoHash hash = query.hash();
        String revision = hash == null ? now.ownRevision() : hash.hex();
        if (hash != null && !isShared(now, hash)) {
            throw new UserException(
                    ErrorCode.UNKNOWN_SHARE, "nothing with the info-hash " + hash + " is shared here", "");
        }
        Bytes document = cache.computeIfAbsent(new Key(query.kind(), revision), key -> make(query.kind(), hash, now));
        // who reads a document that has shrunk meanwhile must learn its new revision, not an error
        int offset = Math.min(query.offset(), document.size());
        return new Page(revision, document.size(), offset, document.slice(offset, Page.MAX_BYTES));
    }

    private Bytes make(PageQuery.Kind kind, @org.jspecify.annotations.Nullable InfoHash hash, Catalogue now) {
        if (hash == null) {
            return Compressed.deflate(CatalogueDocument.encode(now.ownShares()));
        }
        return (kind == PageQuery.Kind.INFO ? store.metadata(hash) : store.digests(hash))
                .map(Compressed::deflate)
                .orElseThrow(() -> new UserException(ErrorCode.UNKNOWN_SHARE, hash + " has no " + kind + " here", ""));
    }

    private static boolean isShared(Catalogue now, InfoHash hash) {
        return now.transfer(hash)
                .map(Transfer::state)
                .filter(TransferState.SEEDING::equals)
                .isPresent();
    }
}
