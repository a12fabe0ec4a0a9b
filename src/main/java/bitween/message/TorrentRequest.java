package bitween.message;

import bitween.bus.Request;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Choice;
import bitween.model.FilePriority;
import bitween.model.Grantee;
import bitween.model.InfoHash;
import bitween.model.LeftOut;
import bitween.model.Priority;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the torrent worker is asked to do. Each fails with a {@link bitween.model.UserException}. */
public sealed interface TorrentRequest<R> extends Request<R> {
    /**
     * Shares a file or folder in place. Answered once it is stored, in state HASHING; the info-hash follows in a TransferChanged.
     *
     * @param path absolute
     * @param name null: the path's own
     * @param audience whom it is for
     * @param reshare whether those who get it may share it on by themselves
     * @param mode what becomes of it when its files change
     * @param keepRevisions of how many of its revisions the files are kept, that which is offered included; null: as it is with what is live already, else 0
     * @param pieceLength how long its pieces are, in bytes, also those of its next revisions; null: as its size asks for
     * @param sent whether it is an offer to those whom it is for, which whoever asks for it takes back once they have it
     */
    record SharePath(
            Path path,
            @Nullable String name,
            Audience audience,
            boolean reshare,
            ShareMode mode,
            @Nullable Integer keepRevisions,
            @Nullable Integer pieceLength,
            boolean sent)
            implements TorrentRequest<Shared> {
        public SharePath(
                Path path,
                @Nullable String name,
                Audience audience,
                boolean reshare,
                ShareMode mode,
                @Nullable Integer keepRevisions,
                @Nullable Integer pieceLength) {
            this(path, name, audience, reshare, mode, keepRevisions, pieceLength, false);
        }

        public SharePath(
                Path path,
                @Nullable String name,
                Audience audience,
                boolean reshare,
                ShareMode mode,
                @Nullable Integer keepRevisions) {
            this(path, name, audience, reshare, mode, keepRevisions, null);
        }

        public SharePath(Path path, @Nullable String name, Audience audience, boolean reshare, ShareMode mode) {
            this(path, name, audience, reshare, mode, null);
        }

        public SharePath(Path path, @Nullable String name, Audience audience) {
            this(path, name, audience, false, ShareMode.USUAL);
        }
    }

    /** The answer to {@link SharePath}. */
    record Shared(Transfer transfer, LeftOut leftOut) {}

    /** Shares no longer; the files stay. Also stops hashing. */
    record UnsharePath(TransferId id) implements TorrentRequest<Transfer> {}

    /** Gives a share to the engine that rests until somebody comes for it. Answered once it can be got, or never will; at once for whatever else there is. */
    record ServeShare(InfoHash hash) implements TorrentRequest<Void> {}

    /** Lets more people have a share. Answered once it is stored; who has it already keeps it. */
    record GrantShare(TransferId id, Set<Grantee> grantees) implements TorrentRequest<Transfer> {
        public GrantShare {
            grantees = Set.copyOf(grantees);
        }
    }

    /** Takes grants of a share away. Answered once it is stored; what was not granted stays so. */
    record RevokeShare(TransferId id, Set<Grantee> grantees) implements TorrentRequest<Transfer> {
        public RevokeShare {
            grantees = Set.copyOf(grantees);
        }
    }

    /**
     * Gets what has this info-hash, whoever holds it. Answered once the job is stored.
     *
     * @param name what to call it until the metadata is here; null: the hash
     * @param directory where to put it, absolute; null: the configured one
     * @param reshare whom it is shared with once it is here; nobody: it is not
     * @param only what of it; empty: all. A job that is there already gets this, too
     * @param basis the complete job of an earlier revision, in whose place it comes, where {@code directory} says nothing; null: none. What that place has of it stays
     */
    record FetchShare(
            InfoHash hash,
            @Nullable String name,
            @Nullable Path directory,
            Audience reshare,
            List<Choice> only,
            @Nullable Basis basis)
            implements TorrentRequest<Fetched> {
        public FetchShare {
            only = List.copyOf(only);
        }

        public FetchShare(
                InfoHash hash, @Nullable String name, @Nullable Path directory, Audience reshare, List<Choice> only) {
            this(hash, name, directory, reshare, only, null);
        }

        public FetchShare(InfoHash hash, @Nullable String name, @Nullable Path directory, Audience reshare) {
            this(hash, name, directory, reshare, List.of());
        }

        public FetchShare(InfoHash hash, @Nullable String name, @Nullable Path directory) {
            this(hash, name, directory, Audience.NOBODY, List.of());
        }
    }

    /**
     * The answer to {@link FetchShare}.
     *
     * @param known whether the content was here or on its way before
     */
    record Fetched(Transfer transfer, boolean known) {}

    /**
     * Looks below a folder for the files of a share that is MISSING or STALE, and shares them where they are. Answered once it is begun; whether they were found,
     * a TransferChanged tells. Where they were not, nothing changes but the reason why it is not offered.
     *
     * @param directory absolute
     * @param rename whether files that are all there, but otherwise named or elsewhere, are put where the share has them
     */
    record RelocateShare(TransferId id, Path directory, boolean rename) implements TorrentRequest<Transfer> {}

    /**
     * Moves a share or job into another folder. Answered once it is begun; when it is there, or why it stays, a TransferChanged tells.
     *
     * @param directory absolute
     */
    record MoveTransfer(TransferId id, Path directory) implements TorrentRequest<Transfer> {}

    /**
     * Forgets a job, or a share that was one; with {@code withFiles} also deletes what it downloaded, and is answered once that is done, or when it takes long. Fails with the reason when the job
     * is gone and its files are not.
     */
    record RemoveJob(TransferId id, boolean withFiles) implements TorrentRequest<Removed> {}

    /**
     * The answer to {@link RemoveJob}.
     *
     * @param deleting whether its files are still being deleted, which goes on by itself, over restarts too
     */
    record Removed(Transfer transfer, boolean deleting) {}

    /** Lets a job begin before those that matter less, and take their turn; or after those that matter more. Answered once it is stored. */
    record SetPriority(TransferId id, Priority priority) implements TorrentRequest<Transfer> {}

    /**
     * Lets some files of a job come before others of it, or after. Answered once it is stored; NOTHING_FITS where it is about nothing that the job gets, as far as
     * that is known.
     */
    record SetFilePriority(TransferId id, FilePriority priority) implements TorrentRequest<Transfer> {}

    /**
     * Reads a file of a job in order, while it comes. Answered when there is more, at the latest after some seconds, with what there is then; fails with CONTENT_CHANGED
     * when somebody has changed it in its place.
     *
     * @param path below the share's folder; empty: the share is the file
     * @param offset what is read already, in bytes
     */
    record ReadFile(TransferId id, List<String> path, long offset) implements TorrentRequest<Stretch> {}

    /**
     * Bytes of a file that are here and verified.
     *
     * @param file where they are at the moment; null: nothing more is here
     * @param until their end: the offset that was asked for when there are none
     * @param sizeBytes of the file; -1 when that is not known
     */
    record Stretch(@Nullable Path file, long until, long sizeBytes) {}

    /** Lets a job rest, or offers a share to nobody, until {@link ResumeTransfer}, over restarts too. Answered once that is stored. */
    record PauseTransfer(TransferId id) implements TorrentRequest<Transfer> {}

    /** Lets a share or job go on that rests, whatever for, or failed. */
    record ResumeTransfer(TransferId id) implements TorrentRequest<Transfer> {}

    /** Compares what is on disk with its hashes again, and fetches what is wrong or missing. Also lets a failed job try again. */
    record RecheckTransfer(TransferId id) implements TorrentRequest<Transfer> {}
}
