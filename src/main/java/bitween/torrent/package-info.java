/**
 * The BitTorrent worker: shares, jobs, hashing, metadata.
 *
 * <p><b>Thread:</b> {@code torrent} owns the worker and the engine; {@code hash} threads read files.
 *
 * <p><b>Why it is so:</b> whom a share is for is stored and told with the share itself: there is no moment at which one is known without the other. Who is
 * admitted at a moment depends on the roster too, and is not decided here. A share is kept twice, in the database and as a
 * .torrent beside it: the file is written before the row and removed before it, so that one without a row is something that the database has lost.
 *
 * <p>Whether a share's files are still what was hashed is judged here alone, by {@link bitween.torrent.Upkeep}, whoever noticed something: a look by size, time and inode first, and
 * reading only where that leaves a doubt. What is withdrawn goes from the engine before the row says so, so nobody is told that it is there when it is not, and for a moment the other way
 * round. Moves are a row before they are a deed; {@code MoveIT} kills the daemon in the middle.
 */
@NullMarked
package bitween.torrent;

import org.jspecify.annotations.NullMarked;
