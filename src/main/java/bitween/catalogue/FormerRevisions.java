package bitween.catalogue;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.store.TorrentStore;
import bitween.store.TreeStore;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which revision of a friend's live share came after which, so that what is asked for is what is other. Thread: {@code io}.
 */
public final class FormerRevisions {
    /** Several may have come while nobody read what is in them. */
    private static final int STEPS = 16;

    private final TorrentStore store;
    private final TreeStore trees;
    private final Clock clock;

    public FormerRevisions(TorrentStore store, TreeStore trees, Clock clock) {
        this.store = store;
        this.trees = trees;
        this.clock = clock;
    }

    /** What is held of a former revision. */
    record Base(InfoHash hash, Bytes content) {}

    /** A device's list changes; what is known of a share that goes is kept for the one that comes in its place. Before the list is kept. */
    void note(List<Share> last, List<Share> next) {
        Map<String, Share> live = new HashMap<>();
        last.stream().filter(share -> share.revision() > 0).forEach(share -> live.put(share.name(), share));
        for (Share share : next) {
            Share former = share.revision() > 0 ? live.get(share.name()) : null;
            if (former != null && !former.hash().equals(share.hash()) && former.revision() < share.revision()) {
                store.revisions().saveBefore(share.hash(), former.hash());
                if (store.metadata(former.hash()).isEmpty()) {
                    trees.tree(former.hash())
                            .map(travelled -> Compressed.inflate(travelled, Compressed.MAX_DOCUMENT_BYTES))
                            .ifPresent(info -> store.saveMetadata(former.hash(), info, clock.instant()));
                }
            }
        }
    }

    /** The newest that is here of those before. */
    Optional<Base> baseOf(PageQuery.Kind kind, InfoHash hash) {
        Optional<InfoHash> former = store.revisions().before(hash);
        for (int step = 0; former.isPresent() && step < STEPS; step++) {
            InfoHash at = former.get();
            Optional<Base> base = (kind == PageQuery.Kind.INFO ? store.metadata(at) : store.digests(at))
                    .map(content -> new Base(at, content));
            if (base.isPresent()) {
                return base;
            }
            former = store.revisions().before(at);
        }
        return Optional.empty();
    }
}
