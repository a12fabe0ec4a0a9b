/**
 * libtorrent behind {@link bitween.torrent.TorrentEngine}: the only home of libtorrent4j.
 *
 * <p><b>Thread:</b> {@code torrent} calls the engine; {@code alerts}, the engine's own, reads what libtorrent says and hands copies on.
 *
 * <p><b>Why it is so:</b> the natives are of May 2022 and crash on misuse, so little of them is used: v1 torrents, TCP, a session of our own over the raw
 * binding, piece hashes made in Java. libtorrent's memory-mapped disk back-end takes the JVM's SIGSEGV handler away, and the JVM dies silently at its
 * next safepoint: that back-end runs only below a preloaded libjsig, else the POSIX one does ({@code NativeSignalIT}). Every object that an alert
 * leads to dies at the next pop_alerts: only copies leave {@link bitween.torrent.libtorrent.Alerts}. No name is read from libtorrent, as its strings
 * break outside of Unicode's basic plane.
 *
 * <p><b>Speed:</b> of 1 GiB from friend to friend, with both cores of a machine full (CPU by thread, perf), who gets it spends 1.7 s in the disk threads here, 0.65 s
 * for SHA-1 and 0.86 s in faults of the mapped file's pages, and 0.6 s in the network thread, which reads from the link what the link has decrypted. That is the limit: nothing of
 * it is ours to leave out. One, two or four disk threads make no difference. Writing without mapping (pwrite) came with a later libtorrent, of which there are no natives for desktop Linux.
 */
@NullMarked
package bitween.torrent.libtorrent;

import org.jspecify.annotations.NullMarked;
