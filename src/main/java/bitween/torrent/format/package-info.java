/**
 * What a share is: the info dictionary, how a folder on disk becomes one, and whether one that came from elsewhere can
 * be trusted. Knows the disk, but neither libtorrent nor the store.
 *
 * <p><b>Thread:</b> values and checks: any. {@code hash-1} to {@code hash-4}, owned by
 * {@link bitween.torrent.format.Hasher}, read files.
 *
 * <p><b>Why it is so:</b> libtorrent 2.0.6 repairs what it dislikes: it cuts names, drops signs, renames duplicates, and
 * then the files on disk no longer have the names that their owner gave. So
 * {@link bitween.torrent.format.InfoDictionary} cannot hold anything that libtorrent would alter, be it ours or a friend's,
 * and a system test compares the two over a corpus of names. Hashing is done here because libtorrent's own needs signal
 * handlers that the JVM does not survive. A download is read for its SHA-256 while it comes ({@link
 * bitween.torrent.format.EarlyDigests}): read at the end, 1 GiB took 0.7 s of which the second core had nothing.
 * Many small files are hashed by all threads; the SHA-256 of a single one is a chain, 1.4 GB/s on one core, and its pieces' SHA-1 is done beside it on another, so a large
 * file takes as long as that chain ({@code scripts/bench hash}); a tree of hashes would be faster, but not what {@code sha256sum} says. One or two threads while a download comes make no difference.
 * Getting 5,000 files of 20 KiB is work of the processor too: 2 s of CPU of who gets, 0.3 s of who gives. Of it 0.2 s were the comparison with the digests, which added up all sizes for each file. What is left is
 * libtorrent's disk and network (0.5 s), the JVM's compilers (0.45 s), the link (0.2 s), opening each file for its SHA-256 (0.1 s), and the index for searches, which is made of the list just then (0.15 s).
 * What the first bitween made has no salt and is none of ours: {@link bitween.torrent.format.OriginalFormat} reads its name, and it is shared anew.
 */
@NullMarked
package bitween.torrent.format;

import org.jspecify.annotations.NullMarked;
