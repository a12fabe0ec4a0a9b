package bitween.watch;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.FileStamps;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A share whose files are watched, in one state. Thread: {@code watch}. */
final class Watched {
    private final TransferId id;
    private final InfoHash hash;
    private final Path root;
    private final TransferState state;
    private final boolean live;
    private @Nullable Files files;
    private @Nullable FilesLook told;
    private boolean isWatched;
    private boolean touched = true;
    private long restsUntilNanos;

    /** Of how many files the names are kept in memory; of more they are read anew each time. */
    private static final int KEPT_FILES = 10_000;

    /** @param known how they were when they were hashed; null: nobody has kept that */
    private record Files(
            boolean folder,
            List<FileEntry> entries,
            List<List<String>> emptyFolders,
            @Nullable FileStamps known) {}

    Watched(Transfer share, InfoHash hash, long nowNanos) {
        id = share.id();
        this.hash = hash;
        root = share.place();
        state = share.state();
        live = share.isLive();
        restsUntilNanos = nowNanos;
    }

    TransferId id() {
        return id;
    }

    InfoHash hash() {
        return hash;
    }

    Path root() {
        return root;
    }

    TransferState state() {
        return state;
    }

    /** Whether what is new in its folder matters, too. */
    boolean isLive() {
        return live;
    }

    /** Whether it is to be read before it is looked at. */
    boolean isUnread() {
        return files == null && !(live && isWatched);
    }

    /** @return whether its files are known; false: the store does not have what is needed */
    boolean read(RowsAhead rows) {
        if (files != null) {
            return true;
        }
        Optional<Bytes> info = rows.metadata(hash);
        if (info.isEmpty()) {
            return false;
        }
        InfoDictionary parsed = MetadataValidator.validate(info.get(), hash);
        Optional<FileStamps> known = rows.stamps(hash)
                .flatMap(stamps -> FileStamps.parse(stamps, parsed.files().size()));
        files = new Files(parsed.folder(), parsed.files(), parsed.emptyFolders(), known.orElse(null));
        return true;
    }

    /** @return whether nobody has asked before: then the system is to tell of its folders */
    boolean isUnwatched() {
        boolean first = !isWatched;
        isWatched = true;
        return first;
    }

    /** In which its files are, with all above up to its own. */
    Set<Path> folders() {
        Set<Path> folders = new HashSet<>();
        Files known = known();
        if (known.folder()) {
            folders.add(root);
            for (FileEntry entry : known.entries()) {
                Path folder = root;
                for (String element : entry.path().subList(0, entry.path().size() - 1)) {
                    folder = folder.resolve(element);
                    folders.add(folder);
                }
            }
            known.emptyFolders().forEach(path -> folders.add(root.resolve(String.join("/", path))));
        }
        return folders;
    }

    /** Whoever makes revisions looks for himself. */
    void told() {
        touched = false;
        files = null;
    }

    FilesLook look() {
        touched = false;
        Files known = known();
        return FilesLook.at(known.folder(), known.entries(), root, known.known());
    }

    /** Whether somebody has to know: what is offered does not look as it did, or what is not offered looks otherwise than when that was told. */
    boolean isNews(FilesLook look) {
        boolean news = state == TransferState.SEEDING ? !look.isAsHashed() : !look.equals(told);
        told = state == TransferState.SEEDING ? null : look;
        if (news || known().entries().size() > KEPT_FILES) {
            files = null; // whoever hears of it may come to know more of the files
        }
        return news;
    }

    /** Something happened in its folders. */
    void touched() {
        touched = true;
    }

    boolean isDue(long nowNanos) {
        return touched && nowNanos - restsUntilNanos >= 0;
    }

    void restUntil(long nanos) {
        restsUntilNanos = nanos;
    }

    private Files known() {
        if (files == null) {
            throw new IllegalStateException("the files of " + id + " are not known yet");
        }
        return files;
    }
}
