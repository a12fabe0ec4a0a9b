/**
 * What only tests use: the seeded scheduler, fakes of what must be deterministic, daemons on loopback.
 *
 * <p>{@link bitween.testing.StrayExceptions} is on every test, unasked: an exception that nobody caught, an error or a stack trace in the log, also in that of a
 * daemon which the test started as a process, fails it. A test in which something has to go wrong says so by {@link bitween.testing.ExpectedErrors}.
 */
@NullMarked
package bitween.testing;

import org.jspecify.annotations.NullMarked;
