package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.store.TreeStore;
import bitween.torrent.format.MetadataValidator;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Gets a share's info dictionary or digests: from the store, else from a contact's device that holds it, one after the other until one gives what is right.
 * Thread: {@code io}.
 *
 * <p>An info dictionary is validated here, so that a device that lies only costs a round trip; whoever uses it parses it again. BAD_METADATA is what is
 * shared and cannot be; what a device makes up is CONTENT_CHANGED.
 */
public final class DocumentFetcher {
    private static final Logger log = LogManager.getLogger(DocumentFetcher.class);

    private final Bus bus;
    private final Mailbox io;
    private final CatalogueKeeper keeper;
    private final TorrentStore store;
    private final TreeStore trees;
    private final FormerRevisions formers;
    private final Clock clock;
    private final AtomicLong refused = new AtomicLong();

    public DocumentFetcher(
            Bus bus,
            Mailbox io,
            CatalogueKeeper keeper,
            TorrentStore store,
            TreeStore trees,
            FormerRevisions formers,
            Clock clock) {
        this.bus = bus;
        this.io = io;
        this.keeper = keeper;
        this.store = store;
        this.trees = trees;
        this.formers = formers;
        this.clock = clock;
        bus.answerLater(FetchDocument.class, io, this::onFetchDocument);
    }

    /** Documents so far that were not what they should be, or too large. Any thread. */
    long refused() {
        return refused.get();
    }

    private CompletableFuture<Document> onFetchDocument(FetchDocument request) {
        assert io.isOwner() : Thread.currentThread();
        Optional<Bytes> known =
                request.kind() == PageQuery.Kind.INFO ? store.metadata(request.hash()) : store.digests(request.hash());
        if (known.isEmpty() && request.kind() == PageQuery.Kind.INFO) {
            known = fetchedBefore(request.hash());
        }
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(new Document(known.get(), null));
        }
        Deque<Device> holders = new ArrayDeque<>();
        keeper.current().holders(request.hash()).stream()
                .filter(device -> device.isReachable() && device.gives(request.hash()))
                .map(FriendDevice::device)
                .filter(device -> !request.except().contains(device))
                .forEach(holders::add);
        CompletableFuture<Document> result = new CompletableFuture<>();
        UserException nobody = new UserException(
                ErrorCode.FRIEND_OFFLINE,
                "no contact who shares " + request.hash() + " is online",
                "it comes by itself when one is");
        tryNext(request, holders, nobody, result);
        return result;
    }

    /** From among what was fetched for browsing; a job wants it where the other metadata are. */
    private Optional<Bytes> fetchedBefore(InfoHash hash) {
        Optional<Bytes> info =
                trees.tree(hash).map(travelled -> Compressed.inflate(travelled, Compressed.MAX_DOCUMENT_BYTES));
        info.ifPresent(plain -> store.saveMetadata(hash, plain, clock.instant()));
        return info;
    }

    private void tryNext(
            FetchDocument request, Deque<Device> holders, Throwable last, CompletableFuture<Document> result) {
        Device device = holders.poll();
        if (device == null) {
            result.completeExceptionally(last);
            return;
        }
        var unused = DocumentFetch.start(
                        bus, io, device, request.kind(), request.hash(), Compressed.MAX_DOCUMENT_BYTES, formers)
                .thenApplyAsync(document -> checked(request, document), io)
                .whenCompleteAsync(
                        (plain, failure) -> {
                            if (failure == null) {
                                keep(request, plain, device, result);
                            } else {
                                Throwable cause = Bus.causeOf(failure);
                                count(cause);
                                log.warn(
                                        "{} gave no {} of {}: {}",
                                        device,
                                        request.kind(),
                                        request.hash(),
                                        cause.getMessage());
                                tryNext(request, holders, nothingOfIt(request, device, cause), result);
                            }
                        },
                        io);
    }

    private void count(Throwable cause) {
        if (cause instanceof UserException e
                && (e.code() == ErrorCode.BAD_METADATA || e.code() == ErrorCode.CONTENT_CHANGED)) {
            refused.incrementAndGet();
        }
    }

    /** What is wrong here is the device's fault, and another may do better. */
    private Bytes checked(FetchDocument request, Bytes plain) {
        if (request.kind() == PageQuery.Kind.DIGESTS) {
            requireAllDigests(request.hash(), plain);
        } else if (!MetadataValidator.isOf(plain, request.hash())) {
            throw new UserException(ErrorCode.CONTENT_CHANGED, "they do not have this hash", "");
        }
        return plain;
    }

    /** An info dictionary that is the right one and breaks the rules does so whoever gives it: nobody else is asked. */
    private void keep(FetchDocument request, Bytes plain, Device device, CompletableFuture<Document> result) {
        InfoHash hash = request.hash();
        try {
            if (request.kind() == PageQuery.Kind.INFO) {
                MetadataValidator.validate(plain, hash);
                store.saveMetadata(hash, plain, clock.instant());
            } else {
                store.saveDigests(hash, plain, clock.instant());
            }
            result.complete(new Document(plain, device));
        } catch (UserException e) {
            result.completeExceptionally(e);
        }
    }

    /** BAD_METADATA is said of what is shared, and ends a job; so nobody who shares nothing may cause it. */
    private static Throwable nothingOfIt(FetchDocument request, Device device, Throwable cause) {
        return cause instanceof UserException e && e.code() == ErrorCode.BAD_METADATA
                ? new UserException(
                        ErrorCode.CONTENT_CHANGED,
                        device + " gave no " + request.kind() + " of " + request.hash() + ": " + e.sentence(),
                        "it comes by itself when another contact has it",
                        e)
                : cause;
    }

    /** Nothing proves digests, but there is one for each file. */
    private void requireAllDigests(InfoHash hash, Bytes digests) {
        store.metadata(hash).ifPresent(info -> {
            int due = MetadataValidator.validate(info, hash).digestsBytes();
            if (digests.size() != due) {
                throw new UserException(
                        ErrorCode.BAD_METADATA,
                        digests.size() + " bytes are not the digests of its files, which have " + due,
                        "ask who shares it to share it again");
            }
        });
    }
}
