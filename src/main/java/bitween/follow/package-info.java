/**
 * What the user follows: the share of one name at one friend, whatever is in it today.
 *
 * <p><b>Thread:</b> {@code follow}, which only folds what it hears and stores it.
 *
 * <p><b>Says:</b> RevisionFound, RevisionHeld, RevisionFetched; asks FetchShare, FetchDocument, TellOwner. <b>Hears:</b> FriendListFetched, TransferChanged, TransferRemoved,
 * RevisionReplaced; answers FollowRequest.
 *
 * <p><b>Why it is so:</b> what is followed is a name, because content has another hash each time. New is what was never seen under it, so a friend's device that is behind the others brings nothing
 * back; of those that count their revisions the highest wins. What was seen, begun and told is stored first: a crash makes nothing new twice. How a revision takes the place of the one
 * before is the torrent worker's; here is decided when, and how much of it. Of each that is followed one is got at a time, and a friend who floods revisions has the newest of each minute got. A job that the user
 * removed does not come back.
 */
@NullMarked
package bitween.follow;

import org.jspecify.annotations.NullMarked;
