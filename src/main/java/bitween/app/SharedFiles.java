package bitween.app;

import bitween.bus.Bus;
import bitween.control.FileLists;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The files of a share, from its info dictionary: one's own, a cached one, or fetched from whoever shares it. */
final class SharedFiles implements FileLists {
    private final Bus bus;
    private final Executor disk;

    SharedFiles(Bus bus, Executor disk) {
        this.bus = bus;
        this.disk = disk;
    }

    @Override
    public CompletableFuture<FileList> filesOf(InfoHash hash) {
        // Async: parsing a large dictionary must not hold up the thread that fetched it
        return bus.ask(new FetchDocument(hash, PageQuery.Kind.INFO))
                .thenApplyAsync(info -> listOf(MetadataValidator.validate(info.content(), hash)), disk);
    }

    private static FileList listOf(InfoDictionary info) {
        return new FileList(
                info.folder(),
                info.files().stream()
                        .map(file -> new FileEntry(file.path(), file.sizeBytes()))
                        .toList(),
                info.emptyFolders());
    }
}
