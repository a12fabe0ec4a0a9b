/** What only tests use: the seeded scheduler, fakes of what must be deterministic, daemons on loopback. */
@NullMarked
package bitween.testing;

import org.jspecify.annotations.NullMarked;
