package bitween.app;

import bitween.control.OriginalTorrents;
import bitween.model.InfoHash;
import bitween.model.Magnet;
import bitween.store.OriginalDatabase;
import bitween.torrent.format.Names;
import bitween.torrent.format.OriginalFormat;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What the first bitween kept, read from its database and compared with the disk. Thread: any but {@code bus}. */
final class StoredOriginals implements OriginalTorrents {
    private static final Logger log = LogManager.getLogger(StoredOriginals.class);
    /** Of a name that is refused: enough to know it by, and thousands fit into one answer. */
    private static final int MAX_SHOWN = 240;

    @Override
    public List<OriginalTorrent> read(Path database) {
        return OriginalDatabase.read(database, StoredOriginals::torrent);
    }

    private static OriginalTorrent torrent(OriginalDatabase.Row row) {
        Magnet magnet = magnet(row.magnet());
        OriginalFormat.Info info = row.torrent() == null ? null : OriginalFormat.info(row.torrent());
        InfoHash hash = magnet == null ? null : magnet.hash();
        String name = info != null ? info.name() : magnet == null ? null : magnet.name();
        if (name == null && hash == null) {
            return refused(null, null, "neither its magnet link nor its torrent can be read");
        }
        Optional<String> refusal = name == null ? Optional.empty() : Names.refusal(name);
        if (refusal.isPresent()) {
            return refused(hash, name, "its name " + refusal.get());
        }
        if (name == null || row.savePath().isEmpty()) {
            return elsewhere(hash, name, null, info, "nobody knows where it was");
        }
        Path folder = folder(row.savePath());
        if (folder == null) {
            return refused(hash, name, "its folder is no absolute path");
        }
        Path place = folder.resolve(name);
        if (!Files.exists(place)) {
            return elsewhere(hash, name, place, info, "it is no longer there");
        }
        // what the resume data do not tell counts as whole: a folder that was shared may have changed since, and is
        // shared as it is
        return row.status() != null && OriginalFormat.isUnfinished(row.status())
                ? elsewhere(hash, name, place, info, "only a part of it had come")
                : new OriginalTorrent(hash, name, place, State.HERE, "");
    }

    private static OriginalTorrent refused(@Nullable InfoHash hash, @Nullable String name, String problem) {
        String shown = name == null || name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "…";
        return new OriginalTorrent(hash, shown, null, State.REFUSED, problem);
    }

    /** Without a salt in its info dictionary the info-hash is one that no bitween of today gives, nor takes. */
    private static OriginalTorrent elsewhere(
            @Nullable InfoHash hash,
            @Nullable String name,
            @Nullable Path place,
            OriginalFormat.@Nullable Info info,
            String why) {
        if (hash == null) {
            return new OriginalTorrent(null, name, place, State.LOST, why + ", and its magnet link cannot be read");
        }
        return info != null && !info.salted()
                ? new OriginalTorrent(
                        hash,
                        name,
                        place,
                        State.LOST,
                        why + ", and its info-hash is one that only the first bitween had")
                : new OriginalTorrent(hash, name, place, State.WANTED, "");
    }

    private static @Nullable Magnet magnet(String link) {
        try {
            return Magnet.parse(link);
        } catch (IllegalArgumentException e) {
            log.debug("a magnet link of the first bitween: {}", e.getMessage());
            return null;
        }
    }

    /** @return null when it is none from which a file can be reached safely */
    private static @Nullable Path folder(String text) {
        try {
            Path folder = Path.of(text);
            return folder.isAbsolute() && folder.equals(folder.normalize()) ? folder : null;
        } catch (InvalidPathException e) {
            log.debug("a folder of the first bitween: {}", e.getMessage());
            return null;
        }
    }
}
