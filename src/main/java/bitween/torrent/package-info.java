/**
 * The BitTorrent worker: shares, jobs, hashing, metadata.
 *
 * <p><b>Thread:</b> {@code torrent} owns the worker and the engine; {@code hash} threads read files; {@code disk} moves and deletes; {@code looks} asks disks
 * how they are, which may take long to answer. What libtorrent tells is handed over as {@link bitween.torrent.EngineEvent}s, which {@link bitween.torrent.EngineListener} takes to whom the
 * torrent belongs; of a job, what its user wants is {@link bitween.torrent.Fetching}'s, and what happens to it {@link bitween.torrent.Downloading}'s.
 *
 * <p><b>Why it is so:</b> whom a share is for is stored and told with the share itself: there is no moment at which one is known without the other. Who is
 * admitted at a moment depends on the roster too, and is not decided here. A share is kept twice, in the database and as a
 * .torrent beside it: the file is written before the row and removed before it, so that one without a row is something that the database has lost.
 *
 * <p>Whether a share's files are still what was hashed is judged here alone, by {@link bitween.torrent.Upkeep}, whoever noticed something: a look by size, time and inode first, and
 * reading only where that leaves a doubt. What is withdrawn goes from the engine before the row says so, so nobody is told that it is there when it is not, and for a moment the other way
 * round. Moves are a row before they are a deed; {@code MoveIT} kills the daemon in the middle.
 *
 * <p>At a start a share that was offered costs its row and no more: the engine is given it when the first friend comes for it ({@link bitween.torrent.OnCall}), which the link asks for before it dials the
 * engine. Given at the start, 10,000 of them took 2 s more of CPU, and 5 kB each for good. Whether its files are there is looked at by the watch meanwhile, and by the engine before it lets anybody in.
 *
 * <p>A live share has one row and one name for good, and a torrent for each revision ({@link bitween.torrent.Revising}). That its files changed is noticed where it is with all shares; what it becomes is decided by scans
 * until nothing changes any more, not by what the system tells of single files, which may be lost. What was before is history in the store.
 * Of its bytes there is what {@link bitween.torrent.Keeping} copied while it was offered: the owner edits in place, so later is too late, and nothing of his may be linked to. The copies are reflinks where the
 * file system can, and compared on the way, in the home and not beside his folder, which may be anybody's. A row is made after the files are there and goes before they do; what has no row goes at the next start. Which
 * revisions are kept is part of the share ({@link bitween.model.Share#kept}), so whoever may have the share learns it, and gets them, and nobody else. They have no rows as transfers: nobody
 * should have to pause, move or limit them one by one.
 *
 * <p>What was got may be shared from where it stands, as a share of its own, or with a folder around it. Its files are neither deleted nor moved then ({@link bitween.torrent.Overlaps}): their user thinks of the job, and friends
 * would lose the share.
 *
 * <p>What a job gets of a share is a choice of its user, kept with it as it was made, by path or pattern. The engine is told of pieces, not of files: a piece that reaches over files of which not
 * all are wanted is whole in the staging folder, where it can be hashed and given on as any other, and only what was wanted leaves that folder. libtorrent's own choice of files would keep
 * such pieces in a file of its own, which goes when the torrent does. What was said of single files' priority becomes the priority of pieces in the same way; as libtorrent knows only what
 * comes first when it goes in order, a job of which something is to come last does not.
 *
 * <p>Who reads a file while it comes ({@link bitween.torrent.Streaming}) gets what was read from the disk and compared with the hash of its piece, and never what the engine only says to have:
 * what it has may be on its way to the disk. What is needed next is most urgent, a few MiB ahead, rather than due at a time: deadlines let libtorrent ask several peers for the same block.
 * Other files come after all of it: libtorrent asks for seconds' worth at once, and what is most urgent next would wait behind that each time.
 *
 * <p>A newer revision of what was got is a job of its own, which takes the place of the earlier one, with all that goes with it, once it is whole. Which files are here is decided by SHA-256, as
 * often as it is asked: nothing is believed of what an earlier run decided, so whatever cuts it off, it goes on with what stands where. Where it grows there are copies, never links: the
 * engine writes there what friends give, and what stands here is the user's until all is verified. One that is not the newest any more before it has come hands over what it has: its staging
 * folder, renamed. What is shared on stays a share, with its people and its pause, until the newer one is stored as it was, in the same transaction; it is not offered while files take their places, however
 * that ends, and is looked at where it ends otherwise. {@code FollowKillIT} kills the daemon while files take their places.
 *
 * <p>A job fails for what lies with itself: metadata that break the rules, content that its owner changed. For what lies with a disk or the database, which
 * its user mends, it pauses, with the reason in its row, and is tried again once the disk can be written again, or has room beyond the reserve; what
 * fails again soon after waits longer each time. What was not flushed is not believed: a second flush would succeed and mean nothing, so the job
 * begins again from its last resume data. Nothing is made in a folder that is not the one that the job was given: it may be where a disk was mounted.
 */
@NullMarked
package bitween.torrent;

import org.jspecify.annotations.NullMarked;
