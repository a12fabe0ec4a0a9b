package bitween.model;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the database is.
 *
 * @param failure why nothing can be written at the moment; null while it can
 * @param backups how many copies there are
 * @param newestBackup when the newest of them was made; null: there is none
 * @param backupFailure why the last backup came to nothing; null: it did not
 * @param restored what was put in place of a damaged database, until the user has removed that; null: nothing
 */
public record StoreStatus(
        @Nullable Failure failure,
        int backups,
        @Nullable Instant newestBackup,
        @Nullable Failure backupFailure,
        @Nullable Restored restored) {
    /**
     * A database that could not be used, and what is used instead. Grants, friends' keys and settings are as they were at the time of the backup.
     *
     * @param why what was wrong with it
     * @param setAside where it is now; null: it was gone
     * @param backup when the copy was made that is in its place; null: there was none
     * @param emptied whether an empty one is in its place; without this and a copy it is the same, but for its last changes
     */
    public record Restored(
            Instant when,
            String why,
            @Nullable Path setAside,
            @Nullable Instant backup,
            boolean emptied) {}
}
