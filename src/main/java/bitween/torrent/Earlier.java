package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.TransferId;
import bitween.store.Succession;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The revision whose place a newer one takes: which files its owner gave, and what was in them. Immutable.
 *
 * @param id the job that got it; null: it was forgotten since
 * @param files those that were got
 * @param digests of these, by path; empty: nobody told, so any file may have been changed here
 * @param mirror whether what its owner removed goes here, too
 * @param placing whether files of the newer one are taking their places
 */
record Earlier(
        @Nullable TransferId id,
        InfoHash hash,
        Chosen files,
        Map<List<String>, Bytes> digests,
        boolean mirror,
        boolean placing) {
    private static final int SHA256_BYTES = 32;

    /** @throws bitween.model.UserException BAD_METADATA: what is stored is damaged */
    static Earlier of(Succession stored) {
        InfoDictionary info = MetadataValidator.validateAgain(stored.info());
        Bytes bits = stored.files();
        Chosen files = bits == null ? Chosen.all(info) : Chosen.numbered(info, bits);
        return new Earlier(
                stored.earlier(),
                info.hash(),
                files,
                digests(files, stored.digests()),
                stored.mirror(),
                stored.placing());
    }

    private static Map<List<String>, Bytes> digests(Chosen files, @Nullable Bytes each) {
        Map<List<String>, Bytes> digests = new HashMap<>();
        if (each != null && each.size() == files.info().digestsBytes()) {
            files.numbers().stream().forEach(file -> digests.put(pathOf(files.info(), file), digest(each, file)));
        }
        return digests;
    }

    /** Of one file, among those of all. */
    static Bytes digest(Bytes each, int file) {
        return each.slice(file * SHA256_BYTES, SHA256_BYTES);
    }

    /** Below the share's own folder; of a shared file, whatever it is called: none. */
    static List<String> pathOf(InfoDictionary info, int file) {
        return pathOf(info, info.files().get(file));
    }

    static List<String> pathOf(InfoDictionary info, FileEntry file) {
        return info.folder() ? file.path() : List.of();
    }
}
