package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.catalogue.FormerRevisions.Base;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.UserException;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Gets an info dictionary or digests from one device: what is other than in the revision before, where that is here, else the whole. Thread: {@code io}. */
final class DocumentFetch {
    private static final Logger log = LogManager.getLogger(DocumentFetch.class);
    /** Says that a document is the difference to what is held, and of what it is one. */
    private static final String DIFFERENCE = "d";

    private DocumentFetch() {}

    static String differenceTo(InfoHash hash) {
        return DIFFERENCE + hash.hex();
    }

    /**
     * @param limit of the document as it travels, in bytes
     * @return as it is, not compressed; an info dictionary is not validated. Completed on {@code io}; fails with a UserException
     */
    static CompletableFuture<Bytes> start(
            Bus bus,
            Mailbox io,
            Device device,
            PageQuery.Kind kind,
            InfoHash hash,
            int limit,
            FormerRevisions formers) {
        Base base = formers.baseOf(kind, hash).orElse(null);
        if (base == null) {
            return whole(bus, io, device, kind, hash, limit);
        }
        CompletableFuture<Bytes> result = new CompletableFuture<>();
        var unused = PagedFetch.start(bus, io, device, kind, hash, limit, base.hash())
                .thenApplyAsync(document -> plain(document, hash, base), io)
                .whenCompleteAsync(
                        (plain, failure) -> {
                            if (failure == null) {
                                result.complete(plain);
                            } else if (isBroken(failure)) {
                                log.debug("{} is asked for the whole {} of {}", device, kind, hash, failure);
                                finishWith(result, whole(bus, io, device, kind, hash, limit));
                            } else {
                                result.completeExceptionally(Bus.causeOf(failure));
                            }
                        },
                        io);
        return result;
    }

    private static <T> void finishWith(CompletableFuture<T> result, CompletableFuture<T> other) {
        var unused = other.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(Bus.causeOf(failure));
            }
        });
    }

    private static boolean isBroken(Throwable failure) {
        return Bus.causeOf(failure) instanceof UserException e && e.code() == ErrorCode.BAD_METADATA;
    }

    private static CompletableFuture<Bytes> whole(
            Bus bus, Mailbox io, Device device, PageQuery.Kind kind, InfoHash hash, int limit) {
        return PagedFetch.start(bus, io, device, kind, hash, limit)
                .thenApplyAsync(document -> Compressed.inflate(document.content(), Compressed.MAX_DOCUMENT_BYTES), io);
    }

    private static Bytes plain(PagedFetch.Document document, InfoHash hash, Base base) {
        Bytes travelled = Compressed.inflate(document.content(), Compressed.MAX_DOCUMENT_BYTES);
        return document.revision().equals(differenceTo(hash))
                ? ByteDifference.apply(base.content(), travelled, Compressed.MAX_DOCUMENT_BYTES)
                : travelled;
    }
}
