package bitween.app;

import bitween.bus.Bus;
import bitween.control.Histories;
import bitween.message.DeviceRequest.FetchFormer;
import bitween.message.DeviceRequest.FetchHistory;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Revision;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.RevisionStore;
import bitween.store.TorrentStore;
import bitween.torrent.KeptFiles;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What live shares were: one's own from the store, friends' from their devices. */
final class StoredHistories implements Histories {
    private static final int DIGEST_BYTES = 32;

    private final Bus bus;
    private final Executor disk;
    private final TorrentStore store;
    private final Path revisions;

    /** @param revisions where the files of kept revisions are */
    StoredHistories(Bus bus, Executor disk, TorrentStore store, Path revisions) {
        this.revisions = revisions;
        this.bus = bus;
        this.disk = disk;
        this.store = store;
    }

    @Override
    public CompletableFuture<List<Revision>> own(TransferId share) {
        return CompletableFuture.supplyAsync(() -> store.revisions().history(share), disk);
    }

    @Override
    public CompletableFuture<List<Revision>> of(InfoHash hash, List<Device> devices) {
        return bus.ask(new FetchHistory(hash, devices));
    }

    @Override
    public CompletableFuture<List<Entry>> content(InfoHash hash, List<Device> devices) {
        if (devices.isEmpty()) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        RevisionStore.Content content = store.revisions()
                                .content(hash)
                                .orElseThrow(() -> new UserException(
                                        ErrorCode.UNKNOWN_SHARE, "what was in it is not known any more", ""));
                        return entries(hash, content.info(), content.digests());
                    },
                    disk);
        }
        // Async: parsing a large dictionary must not hold up the thread that fetched it
        return bus.ask(new FetchFormer(hash, PageQuery.Kind.INFO, devices))
                .thenCompose(info -> bus.ask(new FetchFormer(hash, PageQuery.Kind.DIGESTS, devices))
                        .thenApplyAsync(digests -> entries(hash, info, digests), disk));
    }

    @Override
    public CompletableFuture<List<InfoHash>> before(InfoHash hash) {
        return CompletableFuture.supplyAsync(() -> store.revisions().allBefore(hash), disk);
    }

    @Override
    public Path keptAt(InfoHash hash) {
        return KeptFiles.content(revisions, hash);
    }

    private static List<Entry> entries(InfoHash hash, Bytes encoded, Bytes digests) {
        InfoDictionary info = MetadataValidator.validate(encoded, hash);
        if (digests.size() != info.digestsBytes()) {
            throw new UserException(
                    ErrorCode.BAD_METADATA, "the digests of " + hash + " are not those of its files", "");
        }
        List<Entry> entries = new ArrayList<>(info.files().size());
        for (int file = 0; file < info.files().size(); file++) {
            entries.add(new Entry(
                    info.files().get(file).path(),
                    info.files().get(file).sizeBytes(),
                    digests.slice(file * DIGEST_BYTES, DIGEST_BYTES)));
        }
        return entries;
    }
}
