package bitween.follow;

import bitween.catalogue.Catalogue;
import bitween.message.FollowEvent.RevisionFetched;
import bitween.message.TorrentEvent.RevisionReplaced;
import bitween.model.Bytes;
import bitween.model.Failure;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.Followed.State;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.store.FollowStore;
import bitween.store.FollowStore.Progress;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One that is followed, with what is not stored of it. Thread: {@code follow}. */
final class Following {
    private Follow follow;
    private Progress progress;
    /** The newest, as it was told last. */
    private @Nullable Share newest;
    /** What came with the last revision that took the place of an earlier one. */
    private @Nullable RevisionReplaced last;
    /** Whether it is being found out what is wanted of the newest, or that is being begun. */
    boolean asking;
    /** When the last one was begun. */
    Instant begunAt = Instant.EPOCH;
    /** Before which nothing is asked again that failed. */
    Instant notBefore;
    /** How much would come of the newest; 0: not too much. */
    long heldBytes;
    /** Whether nothing of the newest is wanted. */
    boolean nothing;
    /** What went wrong last; null: nothing. */
    @Nullable
    String trouble;

    Following(FollowStore.Stored stored, Instant now) {
        follow = stored.follow();
        progress = stored.progress();
        notBefore = now;
    }

    Follow follow() {
        return follow;
    }

    Progress progress() {
        return progress;
    }

    boolean isOf(Jid friend, String share) {
        return follow.friend().equals(friend) && follow.share().equalsIgnoreCase(share);
    }

    /** Other things are wanted of it than before. */
    void become(Follow now) {
        follow = now;
        forgetResult();
    }

    private void forgetResult() {
        heldBytes = 0;
        nothing = false;
        trouble = null;
    }

    void sees(@Nullable Share share) {
        if (share != null) {
            newest = share;
            forgetResult();
            progress = new Progress(
                    share.hash(),
                    share.revision(),
                    progress.begun(),
                    progress.ready(),
                    progress.place(),
                    progress.baseline());
        }
    }

    /** These files do not come: the SHA-256 of each. */
    void spares(Bytes digests) {
        progress = new Progress(
                progress.newest(), progress.revision(), progress.begun(), progress.ready(), progress.place(), digests);
    }

    void isBegun(InfoHash hash) {
        progress = new Progress(
                progress.newest(), progress.revision(), hash, progress.ready(), progress.place(), progress.baseline());
    }

    /** It is here, or is not to come. */
    void isReady(InfoHash hash) {
        progress =
                new Progress(progress.newest(), progress.revision(), hash, hash, progress.place(), progress.baseline());
    }

    /** @return whether that is new */
    boolean takesPlaceOf(Transfer job) {
        if (job.id().equals(progress.place())) {
            return false;
        }
        progress = new Progress(
                progress.newest(),
                progress.revision(),
                progress.begun(),
                progress.ready(),
                job.id(),
                progress.baseline());
        return true;
    }

    void came(RevisionReplaced event) {
        if (Objects.equals(event.transfer().hash(), progress.newest())) {
            last = event;
        }
    }

    RevisionFetched fetched(Transfer transfer) {
        Share share = Objects.requireNonNull(transfer.share(), "it is complete").at(progress.revision());
        TransferId id = transfer.id();
        if (last != null && last.transfer().id().equals(id)) {
            return new RevisionFetched(follow, share, transfer, last.files(), last.sizeBytes());
        }
        int files = transfer.selection() == null
                ? share.files()
                : transfer.selection().files();
        return new RevisionFetched(follow, share, transfer, files, transfer.wantedBytes());
    }

    Followed view(Catalogue now) {
        InfoHash hash = progress.newest();
        if (hash == null) {
            return new Followed(follow, State.WAITING, null, null, null, null);
        }
        Transfer transfer = now.transfer(hash).orElse(null);
        Share share = Offers.of(now, follow)
                .find(hash)
                .orElse(transfer != null && transfer.share() != null ? transfer.share() : newest);
        if (transfer != null) {
            Failure failure = transfer.failure();
            boolean stopped = transfer.state() == TransferState.FAILED || transfer.state() == TransferState.PAUSED;
            State state = stopped
                    ? State.STOPPED
                    : transfer.finished() != null && transfer.isSettled() ? State.READY : State.GETTING;
            return new Followed(
                    follow, state, share, transfer, progress.place(), failure == null ? null : failure.reason());
        }
        if (hash.equals(progress.ready()) || nothing) {
            return new Followed(follow, State.READY, share, null, progress.place(), null);
        }
        State state = heldBytes > 0 ? State.HELD : State.FOUND;
        return new Followed(follow, state, share, null, progress.place(), trouble);
    }
}
