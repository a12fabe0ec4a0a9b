/**
 * The publish/subscribe bus, and what it takes to run components on it. It knows no message of ours.
 *
 * <p><b>Thread:</b> {@code bus} routes; every other thread only hands messages over.
 *
 * <p><b>Why it is so:</b> a topic is a message's class, so a misspelt topic does not compile; delivery goes through one thread, so there is one
 * history, one trace to replay. A mailbox is an {@link java.util.concurrent.Executor} with an owner, so tests put the seeded
 * {@code ManualExecutor} in its place and run whole daemons in one thread.
 */
@NullMarked
package bitween.bus;

import org.jspecify.annotations.NullMarked;
