/**
 * Wires the daemon by constructors, starts and stops it. The only package that sees all others.
 *
 * <p><b>Thread:</b> {@code lifecycle} stops what the main thread started, in exact reverse.
 *
 * <p><b>Why it is so:</b> a stop may be asked for by the very threads that have to end, so asking only sets a flag; one thread of its own does the work,
 * each part with a deadline, and a watchdog ends the process when even that hangs. A daemon that ends by itself ({@code Unattended}) looks once a second at the
 * catalogue: what it waits for are states that last, and nobody has to tell it anything.
 *
 * <p><b>A start</b> is work of the processor, of which the JVM's compilers do a third: only less work makes it shorter. A profile of 1.6 s of CPU with one share found 0.3 s in compiling the loop
 * that opens the device's key, and 0.05 s in collections of everything while the heap grew (so the launcher says otherwise), and 0.14 s in picocli, whose classes are too old for the JVM's archive (so
 * {@link bitween.cli.ForegroundDaemon} does without). What is left: 0.1 s each for Log4j with its XML, SQLite, and libtorrent's checksum, 0.06 s for the configuration's parser, 0.35 s for the first compiler.
 * Did not help: to compile later, which costs the interpreter what it saves; the processor's SHA-256 from the first block on; a key file of one round, as the rounds are not what takes long; SQLite's library unpacked for good, 0.03 s.
 * The archive knows what a share needs since one is shared while it is made: 0.05 s.
 *
 * <p><b>Memory</b> of an idle daemon (RSS, {@code scripts/bench start}; JDK 17): 119 MiB with one share, 129 with 1,000 and 175 with 10,000; by the G1 collector, when that was compared, 127 and 161, and 119 and 137 without. Half of it are mapped
 * files that programs share: the JVM, its class archives, libtorrent. What the launcher sets came of that: the serial collector; the second compiler late, which saves 12 MiB; a heap that is given back, up
 * to 256 MiB; malloc's rest given back, 18 MiB; two malloc arenas. Of 10,000 shares, libtorrent took 50 MiB while it was given all of them; the start left 35 MiB in the heap, which {@link bitween.app.GrownHeap}
 * gives back, in one step and not in four, and a young generation that grew with the old one 10. Did not help: an archive of the JDK's and our classes in one, 4 MiB.
 */
@NullMarked
package bitween.app;

import org.jspecify.annotations.NullMarked;
