/**
 * The BitTorrent worker: shares, jobs, hashing, metadata.
 *
 * <p><b>Thread:</b> {@code torrent} owns the worker and the engine; {@code hash} threads read files.
 *
 * <p><b>Why it is so:</b> whom a share is for is stored and told with the share itself: there is no moment at which one is known without the other. Who is
 * admitted at a moment depends on the roster too, and is not decided here.
 */
@NullMarked
package bitween.torrent;

import org.jspecify.annotations.NullMarked;
