package bitween.app;

import bitween.control.Origins;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.UserException;
import bitween.store.GotStore;
import bitween.store.GotStore.Got;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Where files came from, out of what is kept of all that was got. */
final class StoredOrigins implements Origins {
    private static final Logger log = LogManager.getLogger(StoredOrigins.class);
    private static final int SHA256_BYTES = 32;

    private final GotStore store;

    StoredOrigins(GotStore store) {
        this.store = store;
    }

    @Override
    public List<Origin> at(Path path) {
        List<Origin> found = new ArrayList<>();
        for (Got got : store.at(path)) {
            InfoDictionary info = info(got);
            if (info != null && path.equals(got.place()) && info.folder()) {
                found.add(0, whole(got, info));
            } else if (info != null) {
                for (int file = 0; file < info.files().size(); file++) {
                    if (isHere(got, file) && placeOf(got, info, file).equals(path)) {
                        found.add(0, origin(got, info, file));
                    }
                }
            }
        }
        return firstOfEach(found);
    }

    @Override
    public Set<Jid> givers(InfoHash hash, Path place) {
        return store.givers(hash, place);
    }

    @Override
    public List<Origin> withDigest(Bytes sha256) {
        List<Origin> found = new ArrayList<>();
        for (Got got : store.withDigest(sha256)) {
            InfoDictionary info = info(got);
            for (int file = 0; info != null && file < info.files().size(); file++) {
                if (isHere(got, file) && Objects.equals(sha256, digest(got, file))) {
                    found.add(0, origin(got, info, file));
                }
            }
        }
        return firstOfEach(found);
    }

    /**
     * A file came when it was here first, whatever of its share came later.
     *
     * @param found the latest first
     */
    private static List<Origin> firstOfEach(List<Origin> found) {
        List<Origin> first = new ArrayList<>();
        Set<List<Object>> seen = new HashSet<>();
        for (int i = found.size() - 1; i >= 0; i--) {
            Origin origin = found.get(i);
            if (seen.add(List.of(origin.place(), origin.hash()))) {
                first.add(0, origin);
            }
        }
        return first;
    }

    private static @Nullable InfoDictionary info(Got got) {
        try {
            return MetadataValidator.validate(got.info(), got.hash());
        } catch (UserException e) {
            log.warn("{}: where its files came from cannot be read: {}", got.hash(), e.sentence());
            return null;
        }
    }

    private static boolean isHere(Got got, int file) {
        Bytes files = got.files();
        return files == null || BitSet.valueOf(files.toArray()).get(file);
    }

    private static Path placeOf(Got got, InfoDictionary info, int file) {
        Path place = got.place();
        if (info.folder()) {
            for (String element : info.files().get(file).path()) {
                place = place.resolve(element);
            }
        }
        return place;
    }

    private static @Nullable Bytes digest(Got got, int file) {
        Bytes digests = got.digests();
        return digests == null ? null : digests.slice(file * SHA256_BYTES, SHA256_BYTES);
    }

    private static Origin origin(Got got, InfoDictionary info, int file) {
        FileEntry entry = info.files().get(file);
        return new Origin(
                got.hash(),
                got.name(),
                placeOf(got, info, file),
                info.folder() ? entry.path() : List.of(),
                entry.sizeBytes(),
                digest(got, file),
                got.finished(),
                got.from());
    }

    private static Origin whole(Got got, InfoDictionary info) {
        long bytes = 0;
        for (int file = 0; file < info.files().size(); file++) {
            bytes += isHere(got, file) ? info.files().get(file).sizeBytes() : 0;
        }
        return new Origin(got.hash(), got.name(), got.place(), List.of(), bytes, null, got.finished(), got.from());
    }
}
