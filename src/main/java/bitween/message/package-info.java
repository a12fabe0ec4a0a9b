/**
 * The vocabulary: every message that crosses the bus, as records under a few sealed interfaces.
 *
 * <p>An {@link bitween.bus.Event} is a fact in the past tense with any number of listeners; a {@link bitween.bus.Request} is an imperative with exactly
 * one answerer. Messages have no behaviour.
 */
@NullMarked
package bitween.message;

import org.jspecify.annotations.NullMarked;
