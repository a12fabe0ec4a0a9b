package bitween.message;

import bitween.bus.Event;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.Share;
import bitween.model.Transfer;

/** What becomes of what the user follows. Each is told once for each revision, also over restarts. */
public sealed interface FollowEvent extends Event {
    /** A friend shares something new under that name. */
    record RevisionFound(Followed followed) implements FollowEvent {}

    /** There is something new that does not come by itself: it is too large. */
    record RevisionHeld(Followed followed) implements FollowEvent {}

    /**
     * The newest is here, verified and in its place.
     *
     * @param files how many of its files were not here before
     * @param sizeBytes of these
     */
    record RevisionFetched(Follow follow, Share share, Transfer transfer, int files, long sizeBytes)
            implements FollowEvent {}
}
