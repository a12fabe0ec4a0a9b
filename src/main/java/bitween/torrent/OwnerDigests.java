package bitween.torrent;

import bitween.bus.Bus;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.store.TorrentStore;
import bitween.torrent.format.InfoDictionary;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The SHA-256 of each file of a job, as its sources tell them. Thread: {@code torrent}.
 *
 * <p>Nothing proves them: the info-hash vouches for the pieces alone. So digests that do not fit pieces that do are one source's word, and another's is
 * asked for.
 */
final class OwnerDigests {
    private static final Logger log = LogManager.getLogger(OwnerDigests.class);
    /** The pieces are verified already; the digests are a second proof, and not worth waiting long for a friend who has just left. */
    private static final int LIMIT_SECONDS = 10;

    private final Bus bus;
    private final TorrentStore store;

    OwnerDigests(Bus bus, TorrentStore store) {
        this.bus = bus;
        this.store = store;
    }

    /** Asks beside the download, while a friend who has them is there; the store keeps them. */
    void ask(Job job) {
        job.digestsAsked = fetch(job.hash, Set.copyOf(job.liars))
                .thenApply(digests -> Optional.ofNullable(digests.from()))
                .exceptionally(failure -> Optional.empty());
    }

    /** @return never fails; empty when they do not come in time, or are none */
    CompletableFuture<Optional<Document>> of(Job job) {
        InfoDictionary info = job.knownInfo();
        Set<Device> except = Set.copyOf(job.liars);
        return job.digestsAsked
                .thenCompose(giver -> fetch(job.hash, except).thenApply(digests -> from(giver, digests)))
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .thenApply(Optional::of)
                .exceptionally(failure -> {
                    log.warn(
                            "{} has no digests from its owner: {}",
                            job.hash,
                            Failures.explain(failure).sentence());
                    return Optional.empty();
                })
                .thenApply(digests -> digests.filter(found -> fit(job, info, found)));
    }

    /**
     * Forgets digests that do not fit the files, whose pieces were hashed again and are right.
     *
     * @return whether there may be others: false when nobody is known who could be left out the next time
     */
    boolean refute(Job job, Document digests) {
        store.removeDigests(job.hash);
        Device from = digests.from();
        log.warn("{} does not fit the digests that {} gave", job.hash, from == null ? "an earlier source" : from);
        boolean first = !job.refuted;
        job.refuted = true;
        return from == null ? first : job.liars.add(from);
    }

    private CompletableFuture<Document> fetch(InfoHash hash, Set<Device> except) {
        return bus.ask(new FetchDocument(hash, PageQuery.Kind.DIGESTS, except));
    }

    /** The store does not know who gave them, but we do when we asked. */
    private static Document from(Optional<Device> giver, Document digests) {
        return digests.from() != null ? digests : new Document(digests.content(), giver.orElse(null));
    }

    private static boolean fit(Job job, InfoDictionary info, Document digests) {
        boolean fit = digests.content().size() == info.digestsBytes();
        if (!fit) {
            log.warn("{}: {} are no digests of it", job.hash, digests.content());
        }
        return fit;
    }
}
