/**
 * The BitTorrent worker: shares, jobs, hashing, metadata.
 *
 * <p><b>Thread:</b> {@code torrent} owns the worker and the engine; {@code hash} threads read files.
 */
@NullMarked
package bitween.torrent;

import org.jspecify.annotations.NullMarked;
