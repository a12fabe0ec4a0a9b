/** The engine against real libtorrent: files in a temporary folder, peers on 127.0.0.1. */
@NullMarked
package bitween.torrent.libtorrent;

import org.jspecify.annotations.NullMarked;
