package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.FetchFormer;
import bitween.message.DeviceRequest.FetchHistory;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Revision;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.format.MetadataValidator;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks friends' devices what their live shares were. Thread: {@code io}. What they say of a revision is kept as what else was looked at. */
public final class HistoryFetcher {
    private final Bus bus;
    private final Mailbox io;
    private final TorrentStore store;
    private final Clock clock;

    public HistoryFetcher(Bus bus, Mailbox io, TorrentStore store, Clock clock) {
        this.bus = bus;
        this.io = io;
        this.store = store;
        this.clock = clock;
        bus.answerLater(FetchHistory.class, io, this::onFetchHistory);
        bus.answerLater(FetchFormer.class, io, this::onFetchFormer);
    }

    private CompletableFuture<List<Revision>> onFetchHistory(FetchHistory request) {
        return firstOf(
                request.devices(),
                device -> PagedFetch.start(
                                bus, io, device, PageQuery.Kind.HISTORY, request.hash(), HistoryDocument.MAX_BYTES)
                        .thenApplyAsync(
                                document -> HistoryDocument.decode(
                                        Compressed.inflate(document.content(), HistoryDocument.MAX_BYTES)),
                                io));
    }

    private CompletableFuture<Bytes> onFetchFormer(FetchFormer request) {
        InfoHash hash = request.hash();
        boolean info = request.kind() == PageQuery.Kind.INFO;
        Optional<Bytes> known = info ? store.metadata(hash) : store.digests(hash);
        return known.map(CompletableFuture::completedFuture)
                .orElseGet(() -> firstOf(
                        request.devices(),
                        device -> PagedFetch.start(bus, io, device, request.kind(), hash, Compressed.MAX_DOCUMENT_BYTES)
                                .thenApplyAsync(document -> kept(hash, info, document.content()), io)));
    }

    private Bytes kept(InfoHash hash, boolean info, Bytes travelled) {
        Bytes plain = Compressed.inflate(travelled, Compressed.MAX_DOCUMENT_BYTES);
        if (info) {
            MetadataValidator.validate(plain, hash);
            store.saveMetadata(hash, plain, clock.instant());
        } else {
            store.saveDigests(hash, plain, clock.instant());
        }
        return plain;
    }

    /** One after the other, until one answers. */
    private <T> CompletableFuture<T> firstOf(List<Device> devices, Function<Device, CompletableFuture<T>> ask) {
        CompletableFuture<T> result = new CompletableFuture<>();
        UserException nobody = new UserException(
                ErrorCode.FRIEND_OFFLINE, "none of the devices that share it is online", "try again when one is");
        tryNext(new ArrayDeque<>(devices), ask, nobody, result);
        return result;
    }

    private <T> void tryNext(
            Deque<Device> left,
            Function<Device, CompletableFuture<T>> ask,
            Throwable last,
            CompletableFuture<T> result) {
        Device device = left.poll();
        if (device == null) {
            result.completeExceptionally(last);
            return;
        }
        var unused = ask.apply(device)
                .whenCompleteAsync(
                        (answer, failure) -> {
                            if (failure == null) {
                                result.complete(answer);
                            } else {
                                tryNext(left, ask, Bus.causeOf(failure), result);
                            }
                        },
                        io);
    }
}
