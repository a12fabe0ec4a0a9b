/**
 * What {@code scripts/bench} runs inside a JVM. Nothing here is a test: it prints figures, and the script makes tables of them.
 * TorrentFile and OnePeerTracker measure nothing: the clients that bitween is compared with need them.
 *
 * <p><b>Why it is so:</b> hashing, the bus and the start are timed from within, where a JVM's own start would drown them; transfers and the command line
 * are timed by the script, from where their user stands.
 */
@NullMarked
package bitween.bench;

import org.jspecify.annotations.NullMarked;
