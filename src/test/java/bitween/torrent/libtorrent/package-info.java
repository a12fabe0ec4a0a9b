/** The engine against real libtorrent: files in a temporary folder, peers on the bridge's own network. */
@NullMarked
package bitween.torrent.libtorrent;

import org.jspecify.annotations.NullMarked;
