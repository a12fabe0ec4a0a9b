/**
 * What is sent: a share that one friend is to have, once.
 *
 * <p><b>Thread:</b> {@code send}, for both ends.
 *
 * <p><b>Says:</b> SentChanged, OfferFound, OfferGone, TakenBackChanged; asks SharePath, UnsharePath, GrantShare, RevokeShare, FetchShare, FetchPage. <b>Hears:</b> TransferChanged, TransferRemoved, FriendListFetched,
 * RosterChanged, LinkChanged; answers SendRequest, ServeAnswer.
 *
 * <p><b>Why it is so:</b> an offer is a share that is granted to one friend and marked, so all that shares can do holds of it: who may have it is checked where bytes flow, it resumes, it waits for who is away,
 * and who does not know the mark sees a share. What is sent is stored before it is shared, and what became of it before the share goes: whatever is cut off in between is made up for at the next
 * start. The friend's daemon says by itself that it has all of it, or that its user does not want it, until the offer is gone; nobody else can end it. What comes by itself is bounded by the day and friend, in bytes,
 * with what each file takes at least, and by the disk: what is more waits for its user.
 */
@NullMarked
package bitween.send;

import org.jspecify.annotations.NullMarked;
