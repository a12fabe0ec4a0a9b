package bitween.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
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

    /** What can be said at the start: all of a share, in its turn, as fast as it comes. What is known later is put in with the methods below. */
    public static Transfer of(
            TransferId id,
            Kind kind,
            String name,
            Path place,
            TransferState state,
            @Nullable InfoHash hash,
            Instant since,
            Audience audience) {
        return new Transfer(
                id,
                kind,
                name,
                place,
                state,
                hash,
                null,
                null,
                since,
                null,
                audience,
                null,
                Priority.NORMAL,
                ShareMode.USUAL,
                RateLimit.NONE,
                List.of());
    }

    /** A share is offered to friends, a job is not. */
    public enum Kind {
        SHARE,
        JOB
    }

    public Transfer with(TransferState newState) {
        return next(draft -> {
            draft.state = newState;
            draft.failure = null;
        });
    }

    /** With what has to be said of it. */
    public Transfer with(TransferState newState, Failure why) {
        return next(draft -> {
            draft.state = newState;
            draft.failure = why;
        });
    }

    public Transfer failed(Failure why) {
        return with(TransferState.FAILED, why);
    }

    /** Rests, because of {@code why}. */
    public Transfer paused(Failure why) {
        return with(TransferState.PAUSED, why);
    }

    /** Whether the user lets it rest: it does not go on by itself. */
    public boolean isPausedByUser() {
        return state == TransferState.PAUSED && failure != null && failure.code() == ErrorCode.PAUSED_BY_USER;
    }

    /** Waits, because of {@code why}, and is tried again. */
    public Transfer waiting(Failure why) {
        return with(TransferState.WAITING_FOR_FRIEND, why);
    }

    public Transfer with(Share known) {
        return next(draft -> {
            draft.hash = known.hash();
            draft.share = known;
        });
    }

    public Transfer with(Audience newAudience) {
        return next(draft -> draft.audience = newAudience);
    }

    /** Gets this of the share; null: all of it. */
    public Transfer choosing(@Nullable Selection newSelection) {
        return next(draft -> draft.selection = newSelection);
    }

    public Transfer with(Priority newPriority) {
        return next(draft -> draft.priority = newPriority);
    }

    /** As a revision of a share that changes, or for good. */
    public Transfer with(ShareMode newMode) {
        return next(draft -> draft.mode = newMode);
    }

    public Transfer with(RateLimit newLimit) {
        return next(draft -> draft.limit = newLimit);
    }

    /** With what is said of its files from now on. */
    public Transfer withFiles(List<FilePriority> newPriorities) {
        return next(draft -> draft.filePriorities = newPriorities);
    }

    /** A download that became a share, and that its user has not made a share of a kind of its own since. */
    public boolean isGotAndSharedOn() {
        return kind == Kind.SHARE && finished != null && mode == ShareMode.USUAL;
    }

    public boolean isLive() {
        return mode == ShareMode.LIVE;
    }

    /** More of it is wanted than what was finished. */
    public Transfer widened(Selection wider) {
        return next(draft -> {
            draft.state = TransferState.WAITING_FOR_FRIEND;
            draft.failure = null;
            draft.finished = null;
            draft.selection = wider;
        });
    }

    /** How much of the share is wanted here; of one that is not known yet: 0. */
    public long wantedBytes() {
        return selection != null ? selection.sizeBytes() : share != null ? share.sizeBytes() : 0;
    }

    public Transfer named(String newName, Path newPlace) {
        return next(draft -> {
            draft.name = newName;
            draft.place = newPlace;
        });
    }

    public Transfer completed(Instant when) {
        return next(draft -> {
            draft.state = TransferState.COMPLETE;
            draft.failure = null;
            draft.finished = when;
        });
    }

    /** As a share of ours, under a name that no other has, before the engine has looked at it. */
    public Transfer shared(String newName) {
        return next(draft -> {
            draft.kind = Kind.SHARE;
            draft.name = newName;
            draft.state = TransferState.VERIFYING;
            draft.share = share == null ? null : share.fixed();
            draft.failure = null;
        });
    }

    /** Whether nothing more will happen by itself, as long as nobody touches its files. */
    public boolean isSettled() {
        return switch (state) {
            case COMPLETE, SEEDING, FAILED, MISSING, STALE -> true;
            default -> false;
        };
    }

    private Transfer next(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.transfer();
    }

    /** The next value, as far as it differs from one. */
    private static final class Draft {
        private final TransferId id;
        private Kind kind;
        private String name;
        private Path place;
        private TransferState state;
        private @Nullable InfoHash hash;
        private @Nullable Share share;
        private @Nullable Failure failure;
        private final Instant since;
        private @Nullable Instant finished;
        private Audience audience;
        private @Nullable Selection selection;
        private Priority priority;
        private ShareMode mode;
        private RateLimit limit;
        private List<FilePriority> filePriorities;

        private Draft(Transfer from) {
            id = from.id;
            kind = from.kind;
            name = from.name;
            place = from.place;
            state = from.state;
            hash = from.hash;
            share = from.share;
            failure = from.failure;
            since = from.since;
            finished = from.finished;
            audience = from.audience;
            selection = from.selection;
            priority = from.priority;
            mode = from.mode;
            limit = from.limit;
            filePriorities = from.filePriorities;
        }

        private Transfer transfer() {
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
                    filePriorities);
        }
    }
}
