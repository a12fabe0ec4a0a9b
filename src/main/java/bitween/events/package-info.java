/**
 * What happens, in one small vocabulary for whoever listens: programs that follow it, and commands of the user's that it starts.
 *
 * <p><b>Thread:</b> {@code events} makes happenings of messages; {@code hooks} starts the user's commands, one at a time, and waits for them.
 *
 * <p><b>Says:</b> nothing. <b>Hears:</b> what torrents, links, presence and the catalogue tell.
 *
 * <p><b>Why it is so:</b> the bus's messages change with the program, this vocabulary does not: names and details are added, never changed. The last some thousand
 * are kept, numbered; whoever reads slower than they come is told how many it missed, and holds nobody up. Hooks get names that friends chose in environment
 * variables alone, never in the text that a shell reads.
 */
@NullMarked
package bitween.events;

import org.jspecify.annotations.NullMarked;
