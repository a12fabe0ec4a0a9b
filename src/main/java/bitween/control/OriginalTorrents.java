package bitween.control;

import bitween.model.InfoHash;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the first bitween kept. */
@FunctionalInterface
public interface OriginalTorrents {
    /**
     * Changes nothing. Called on {@code control} threads; blocks on the disk.
     *
     * @param database absolute
     * @throws bitween.model.UserException IMPORT_UNREADABLE when it is not the first bitween's; PATH_MISSING, PATH_UNREADABLE, STORE_LOCKED
     */
    List<OriginalTorrent> read(Path database);

    /** What can be done with one. */
    enum State {
        /** Its file or folder is there, and can be shared anew. */
        HERE,
        /** It is not there; whoever has its info-hash can send it. */
        WANTED,
        /** It is not there, and nobody can have its info-hash. */
        LOST,
        /** Its name or folder is one that nothing here can have. */
        REFUSED
    }

    /**
     * One that was kept.
     *
     * @param hash null when it cannot be told
     * @param name foreign text; null when it has none
     * @param place its file or folder; null when it cannot be told, or is refused
     * @param problem why it is LOST or REFUSED, a sentence for people without a full stop; else empty
     */
    record OriginalTorrent(
            @Nullable InfoHash hash,
            @Nullable String name,
            @Nullable Path place,
            State state,
            String problem) {}
}
