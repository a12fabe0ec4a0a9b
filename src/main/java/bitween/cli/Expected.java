package bitween.cli;

import java.util.List;
import picocli.CommandLine.Model.ArgSpec;

/** What an argument of a command names, by what the help calls it: so that the shell can offer it. Pure. */
record Expected(Kind kind, List<String> choices) {
    /** Those in the first line are known to the daemon, which calls them so too. */
    enum Kind {
        SHARE,
        JOB,
        TRANSFER,
        FRIEND,
        ASKING,
        BLOCKED,
        /** A friend, or a share or job. */
        LIMITED,
        WHO,
        REMOTE,
        FILE,
        FOLDER,
        KEY,
        CHOICE,
        /** What people make up. */
        ANYTHING
    }

    Expected {
        choices = List.copyOf(choices);
    }

    boolean isKnownToDaemon() {
        return kind.compareTo(Kind.FILE) < 0;
    }

    /** @param command that takes it, such as "pause" */
    static Expected of(String command, ArgSpec argument) {
        String label = argument.paramLabel();
        return switch (label) {
            case "FRIEND" -> one(Kind.FRIEND);
            case "FRIEND|NAME" -> one(Kind.LIMITED);
            case "WHO" -> one(Kind.WHO);
            case "WHAT", "FRIEND/SHARE", "FRIEND[/SHARE[/DIR]]" -> one(Kind.REMOTE);
            case "FILE", "PATH" -> one(Kind.FILE);
            case "DIR" -> one(Kind.FOLDER);
            case "KEY" -> one(Kind.KEY);
            case "JID" -> one(person(command));
            case "NAME", "NAME[@N]" -> one(transfer(command));
            case "PRIORITY" -> oneOf("high", "normal", "low");
            case "SHELL" -> oneOf("bash", "zsh");
            case "WHERE" -> oneOf("all", "loopback");
            case "RANGE" -> oneOf("loopback", "private");
            case "WHEN" -> oneOf("done", "idle", "seeded:");
            case "TYPE" -> FindCommand.types();
            default -> one(Kind.ANYTHING);
        };
    }

    private static Expected one(Kind kind) {
        return new Expected(kind, List.of());
    }

    static Expected oneOf(String... choices) {
        return new Expected(Kind.CHOICE, List.of(choices));
    }

    private static Kind person(String command) {
        return switch (command) {
            case "accept" -> Kind.ASKING;
            case "unblock" -> Kind.BLOCKED;
            case "rm", "block" -> Kind.FRIEND;
            default -> Kind.ANYTHING;
        };
    }

    private static Kind transfer(String command) {
        return switch (command) {
            case "grant", "revoke", "unshare", "relocate", "log", "diff" -> Kind.SHARE;
            case "priority", "rm" -> Kind.JOB;
            case "recheck", "move", "info", "pause", "resume" -> Kind.TRANSFER;
            default -> Kind.ANYTHING;
        };
    }
}
