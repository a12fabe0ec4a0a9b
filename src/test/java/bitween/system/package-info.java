/** Whole daemons on loopback with real libtorrent, real SQLite and a real XMPP server. */
@NullMarked
package bitween.system;

import org.jspecify.annotations.NullMarked;
