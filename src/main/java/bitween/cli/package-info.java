/**
 * The command line: one class per command, which turns arguments into calls of the daemon, and answers into text or JSON.
 *
 * <p><b>Thread:</b> the caller's.
 *
 * <p><b>Why it is so:</b> commands get a {@link bitween.control.client.ControlClient}, a {@link bitween.cli.Terminal} and an
 * {@link bitween.cli.Environment} handed to them and touch neither System.out nor System.exit, so that the same objects run inside the daemon, too ({@link bitween.cli.remote}). They
 * do nothing that a client of the API could not. All text passes {@link bitween.cli.Term#safe} in the terminal, so that no name of a friend's file
 * reaches the terminal emulator as a command. With {@code --json} a command prints one JSON object on standard output and nothing else, also when it
 * fails: {@code {"error":{"code","message","hint"}}}; the exit codes are the same.
 */
@NullMarked
package bitween.cli;

import org.jspecify.annotations.NullMarked;
