/**
 * The BitTorrent worker: shares, jobs, hashing, metadata.
 *
 * <p><b>Thread:</b> {@code torrent} owns the worker and the engine; {@code hash} threads read files.
 *
 * <p><b>Why it is so:</b> whom a share is for is stored and told with the share itself: there is no moment at which one is known without the other. Who is
 * admitted at a moment depends on the roster too, and is not decided here. A share is kept twice, in the database and as a
 * .torrent beside it: the file is written before the row and removed before it, so that one without a row is something that the database has lost.
 */
@NullMarked
package bitween.torrent;

import org.jspecify.annotations.NullMarked;
