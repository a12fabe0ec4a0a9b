package bitween.cli;

import bitween.model.UserException;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The usual command lines of daemons, as the launcher and systemd start them, read without picocli: its classes are of a form that the JVM keeps in no archive, and loading them
 * took a tenth of a start. Whatever has any other word in it is left to {@link Cli}.
 */
public final class ForegroundDaemon {
    private ForegroundDaemon() {}

    /** @return the exit code once the daemon has ended; empty when nothing happened, because these arguments are another command's, or wrong */
    public static OptionalInt run(String[] arguments, Environment environment, Terminal terminal) {
        Session session = new Session(environment, terminal);
        if (!isMeant(arguments, session)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(new DaemonCommand(session, true).call());
        } catch (UserException e) {
            return OptionalInt.of(session.failed(e));
        } catch (InterruptedException | RuntimeException e) {
            return OptionalInt.of(session.failed(Cli.forPeople(e)));
        }
    }

    /** Each word at most once, as picocli has it; tells the session what they say. */
    private static boolean isMeant(String[] arguments, Session session) {
        Set<String> said = new HashSet<>();
        for (int at = 0; at < arguments.length; at++) {
            String word = arguments[at];
            if (!said.add(word)) {
                return false;
            }
            switch (word) {
                case "daemon" -> {}
                case "--json" -> session.useJson(true);
                case "--foreground" -> {
                    if (!said.contains("daemon")) {
                        return false;
                    }
                }
                case "--home" -> {
                    at++;
                    if (at == arguments.length || arguments[at].isEmpty() || arguments[at].startsWith("-")) {
                        return false;
                    }
                    if (!isHome(arguments[at], session)) {
                        return false;
                    }
                }
                default -> {
                    return false;
                }
            }
        }
        return said.contains("--foreground");
    }

    /** Tells the session, unless no folder has such a name. */
    private static boolean isHome(String directory, Session session) {
        try {
            session.useHome(directory);
            return true;
        } catch (UserException e) {
            return false; // which the command says
        }
    }
}
