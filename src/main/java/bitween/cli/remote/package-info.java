/**
 * Commands that run in the daemon, where all of it is loaded and compiled, for clients that hand them over: the launcher's, which is a few lines of Perl.
 *
 * <p><b>Thread:</b> {@code control-n} hears one client; its command runs on a {@code command-n}, of which there are 16 at most.
 *
 * <p><b>How it goes:</b> the client says {@code command 1} on the control socket, and hears the same. Then both say frames: the client its command line, folder and
 * variables; the daemon what to print and to ask; in the end the exit code. Whatever the daemon does not take (another program file, another home, another time zone,
 * a command that looks at the machine or ends the daemon, too many at once, a daemon that knows nothing of this) the client runs by itself, as
 * if there were no daemon; until the command line is sent, and refused or not, nothing has happened, so that nothing happens twice. A signal to the client ends the command, as does its end;
 * and when nobody reads its output, what has no end of its own ends at once.
 *
 * <p><b>Why it is so:</b> a JVM that prints one line takes 32 ms here, one that opens a Unix socket 53 ms and more (JDK 17 loads its security providers for that), the command line with picocli 300 ms; Perl is
 * there in 8 ms, and every Debian has it. Where there is none, commands run as before. The launcher looks for the socket in the two usual places only, and the daemon
 * looks with the rules of {@link bitween.config.Homes} whether it is the right one, so that these rules stand in one place. A command is the
 * same object in both ways, and is a client of the API in both. What commands need is loaded a second after the start, which does without. Decided by {@code scripts/bench cli}, checked by {@code RemoteCommandsIT}, which runs commands both ways.
 */
@NullMarked
package bitween.cli.remote;

import org.jspecify.annotations.NullMarked;
