package bitween.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that this device shares (kind SHARE) or gets (kind JOB).
 *
 * @param name what people call it; unique among own shares
 * @param place the absolute path of the content; for a job, where it will stand once it is verified
 * @param share null until the files are hashed (a share) or the metadata is here (a job)
 * @param hash null until the files are hashed
 * @param failure why it is FAILED, PAUSED, MISSING or STALE, or could not be moved, or why it does not begin before its retryAt; null in a state that says all
 * @param since when it was shared or asked for
 * @param finished when a job's last byte was verified; null before, and for shares
 * @param audience whom a share is for, or a job once it is complete, which becomes a share then; nobody in a job that stays one
 * @param selection what a job gets of the share; null: all of it
 * @param priority which jobs download first; NORMAL of shares
 * @param mode what becomes of a share when its files change; USUAL of jobs
 * @param limit how fast its bytes may come and go, from and to all friends together
 * @param filePriorities which of a job's files come first, as it was said, oldest first
 */
public record Transfer(
        TransferId id,
        Kind kind,
        String name,
        Path place,
        TransferState state,
        @Nullable InfoHash hash,
        @Nullable Share share,
        @Nullable Failure failure,
        Instant since,
        @Nullable Instant finished,
        Audience audience,
        @Nullable Selection selection,
        Priority priority,
        ShareMode mode,
        RateLimit limit,
        List<FilePriority> filePriorities) {
    public Transfer {
        filePriorities = List.copyOf(filePriorities);
    }

    /** Without a limit. */
    public Transfer(
            TransferId id,
            Kind kind,
            String name,
            Path place,
            TransferState state,
            @Nullable InfoHash hash,
            @Nullable Share share,
            @Nullable Failure failure,
            Instant since,
            @Nullable Instant finished,
            Audience audience,
            @Nullable Selection selection,
            Priority priority,
            ShareMode mode) {
        this(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                RateLimit.NONE,
                List.of());
    }

    /** Of what is shared or got whole, in its turn. */
    public Transfer(
            TransferId id,
            Kind kind,
            String name,
            Path place,
            TransferState state,
            @Nullable InfoHash hash,
            @Nullable Share share,
            @Nullable Failure failure,
            Instant since,
            @Nullable Instant finished,
            Audience audience) {
        this(id, kind, name, place, state, hash, share, failure, since, finished, audience, null, Priority.NORMAL);
    }

    /** Of what withdraws itself when its files change. */
    public Transfer(
            TransferId id,
            Kind kind,
            String name,
            Path place,
            TransferState state,
            @Nullable InfoHash hash,
            @Nullable Share share,
            @Nullable Failure failure,
            Instant since,
            @Nullable Instant finished,
            Audience audience,
            @Nullable Selection selection,
            Priority priority) {
        this(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                selection,
                priority,
                ShareMode.USUAL);
    }

    /** A share is offered to friends, a job is not. */
    public enum Kind {
        SHARE,
        JOB
    }

    public Transfer with(TransferState newState) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                newState,
                hash,
                share,
                null,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    public Transfer failed(Failure why) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                TransferState.FAILED,
                hash,
                share,
                why,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    /** With what has to be said of it. */
    public Transfer with(TransferState newState, Failure why) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                newState,
                hash,
                share,
                why,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    /** Rests, because of {@code why}. */
    public Transfer paused(Failure why) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                TransferState.PAUSED,
                hash,
                share,
                why,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    /** Whether the user lets it rest: it does not go on by itself. */
    public boolean isPausedByUser() {
        return state == TransferState.PAUSED && failure != null && failure.code() == ErrorCode.PAUSED_BY_USER;
    }

    /** Waits, because of {@code why}, and is tried again. */
    public Transfer waiting(Failure why) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                TransferState.WAITING_FOR_FRIEND,
                hash,
                share,
                why,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    public Transfer with(Share known) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                known.hash(),
                known,
                failure,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    public Transfer with(Audience newAudience) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                newAudience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    /** Gets this of the share; null: all of it. */
    public Transfer choosing(@Nullable Selection newSelection) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                newSelection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    public Transfer with(Priority newPriority) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                selection,
                newPriority,
                mode,
                limit,
                filePriorities);
    }

    /** As a revision of a share that changes, or for good. */
    public Transfer with(ShareMode newMode) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                selection,
                priority,
                newMode,
                limit,
                filePriorities);
    }

    public Transfer with(RateLimit newLimit) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                newLimit,
                filePriorities);
    }

    /** With what is said of its files from now on. */
    public Transfer withFiles(List<FilePriority> newPriorities) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                newPriorities);
    }

    public boolean isLive() {
        return mode == ShareMode.LIVE;
    }

    /** More of it is wanted than what was finished. */
    public Transfer widened(Selection wider) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                TransferState.WAITING_FOR_FRIEND,
                hash,
                share,
                null,
                since,
                null,
                audience,
                wider,
                priority,
                mode,
                limit,
                filePriorities);
    }

    /** How much of the share is wanted here; of one that is not known yet: 0. */
    public long wantedBytes() {
        return selection != null ? selection.sizeBytes() : share != null ? share.sizeBytes() : 0;
    }

    public Transfer named(String newName, Path newPlace) {
        return new Transfer(
                id,
                kind,
                newName,
                newPlace,
                state,
                hash,
                share,
                failure,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    public Transfer completed(Instant when) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                TransferState.COMPLETE,
                hash,
                share,
                null,
                since,
                when,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    /** As a share of ours, under a name that no other has, before the engine has looked at it. */
    public Transfer shared(String newName) {
        return new Transfer(
                id,
                Kind.SHARE,
                newName,
                place,
                TransferState.VERIFYING,
                hash,
                share == null ? null : share.fixed(),
                null,
                since,
                finished,
                audience,
                selection,
                priority,
                mode,
                limit,
                filePriorities);
    }

    /** Whether nothing more will happen by itself, as long as nobody touches its files. */
    public boolean isSettled() {
        return switch (state) {
            case COMPLETE, SEEDING, FAILED, MISSING, STALE -> true;
            default -> false;
        };
    }
}
