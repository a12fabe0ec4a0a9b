package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.FetchPage;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.UserException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One document on its way from a friend's device, page by page. Thread: the mailbox that it was given owns it.
 *
 * <p>The first page tells the size; then a few pages are asked for at once, so that a round trip is not paid for each. A document that changes meanwhile
 * is begun again.
 */
final class PagedFetch {
    /** How many pages are asked for at once: as many as whoever carries them sends before it queues. */
    private static final int WINDOW = 4;
    /** A list that changes faster than it can be read is read at its next announcement. */
    private static final int MAX_RESTARTS = 3;

    /**
     * A document as it travelled.
     *
     * @param content whole; empty when the revision is the one that is held
     */
    record Document(String revision, Bytes content) {}

    private final Bus bus;
    private final Mailbox mailbox;
    private final Device device;
    private final PageQuery.Kind kind;
    private final @Nullable InfoHash hash;
    private final int limit;
    private final String held;
    private final CompletableFuture<Document> result = new CompletableFuture<>();

    private byte[] content = new byte[0];
    private String revision = "";
    private int asked;
    private int received;
    private int restarts;

    private PagedFetch(
            Bus bus,
            Mailbox mailbox,
            Device device,
            PageQuery.Kind kind,
            @Nullable InfoHash hash,
            int limit,
            String held) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.device = device;
        this.kind = kind;
        this.hash = hash;
        this.limit = limit;
        this.held = held;
    }

    /**
     * @param limit of the document as it travels, in bytes
     * @return completed on {@code mailbox}; fails with a UserException
     */
    static CompletableFuture<Document> start(
            Bus bus, Mailbox mailbox, Device device, PageQuery.Kind kind, InfoHash hash, int limit) {
        return started(new PagedFetch(bus, mailbox, device, kind, hash, limit, ""));
    }

    /**
     * As above; the document may be the difference to that of {@code held}: its revision says so.
     *
     * @param held another share of which the document is here
     */
    static CompletableFuture<Document> start(
            Bus bus, Mailbox mailbox, Device device, PageQuery.Kind kind, InfoHash hash, int limit, InfoHash held) {
        return started(new PagedFetch(bus, mailbox, device, kind, hash, limit, held.hex()));
    }

    /**
     * As {@link #start}, of what the device shares; brings nothing when that is held already.
     *
     * @param held the revision of the list that is here, to which the document may be the difference; empty: none is
     */
    static CompletableFuture<Document> startList(Bus bus, Mailbox mailbox, Device device, int limit, String held) {
        return started(new PagedFetch(bus, mailbox, device, PageQuery.Kind.CATALOGUE, null, limit, held));
    }

    private static CompletableFuture<Document> started(PagedFetch fetch) {
        fetch.askFirst();
        return fetch.result;
    }

    private void askFirst() {
        ask(0, this::onFirst);
    }

    private void onFirst(Page page) {
        if (page.totalBytes() > limit) {
            fail("sent a document of " + page.totalBytes() + " bytes, more than the " + limit + " allowed");
            return;
        }
        if (!isWhole(page, 0, page.totalBytes())) {
            fail("sent another page than it was asked for");
            return;
        }
        revision = page.revision();
        if (!held.isEmpty() && revision.equals(held)) {
            result.complete(new Document(revision, Bytes.EMPTY));
            return;
        }
        content = new byte[page.totalBytes()];
        received = 0;
        asked = page.content().size();
        take(page);
        for (int i = 0; i < WINDOW; i++) {
            askNext();
        }
    }

    private void askNext() {
        if (asked >= content.length || result.isDone()) {
            return;
        }
        int offset = asked;
        asked += Page.MAX_BYTES;
        ask(offset, page -> {
            if (!page.revision().equals(revision) || page.totalBytes() != content.length) {
                restart();
            } else if (!isWhole(page, offset, content.length)) {
                fail("sent another page than it was asked for");
            } else {
                take(page);
                askNext();
            }
        });
    }

    private void take(Page page) {
        byte[] bytes = page.content().toArray();
        System.arraycopy(bytes, 0, content, page.offset(), bytes.length);
        received += bytes.length;
        if (received == content.length) {
            result.complete(new Document(revision, Bytes.of(content)));
        }
    }

    private static boolean isWhole(Page page, int offset, int totalBytes) {
        return page.offset() == offset && page.content().size() == Math.min(Page.MAX_BYTES, totalBytes - offset);
    }

    private void restart() {
        if (++restarts > MAX_RESTARTS) {
            result.completeExceptionally(
                    new UserException( // which breaks nothing: what is here stays the base of differences
                            ErrorCode.TIMED_OUT,
                            device + " changes its list faster than it can be read",
                            "it is asked again soon"));
        } else {
            askFirst();
        }
    }

    private void ask(int offset, Consumer<Page> onPage) {
        int attempt = restarts;
        var unused = bus.ask(new FetchPage(device, new PageQuery(kind, hash, held, offset)))
                .whenCompleteAsync(
                        (page, failure) -> {
                            if (attempt != restarts || result.isDone()) {
                                return; // of a document that is begun again, or given up
                            }
                            if (failure != null) {
                                result.completeExceptionally(failure);
                            } else {
                                onPage.accept(page);
                            }
                        },
                        mailbox);
    }

    private void fail(String what) {
        result.completeExceptionally(new UserException(ErrorCode.BAD_METADATA, device + " " + what, ""));
    }
}
