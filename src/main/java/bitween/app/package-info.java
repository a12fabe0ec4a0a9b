/**
 * Wires the daemon by constructors, starts and stops it. The only package that sees all others.
 *
 * <p><b>Thread:</b> {@code lifecycle} stops what the main thread started, in exact reverse.
 *
 * <p><b>Why it is so:</b> a stop may be asked for by the very threads that have to end, so asking only sets a flag; one thread of its own does the work,
 * each part with a deadline, and a watchdog ends the process when even that hangs. A daemon that ends by itself ({@code Unattended}) looks once a second at the
 * catalogue: what it waits for are states that last, and nobody has to tell it anything.
 */
@NullMarked
package bitween.app;

import org.jspecify.annotations.NullMarked;
