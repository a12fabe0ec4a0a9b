package bitween.cli;

import bitween.model.ErrorCode;

/** How commands end; stable, for scripts. */
public final class ExitCodes {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int DAEMON_NOT_RUNNING = 3;
    public static final int NOT_FOUND = 4;
    public static final int AMBIGUOUS = 5;
    public static final int ALREADY_RUNNING = 6;
    /** As of a program that SIGPIPE ends: nobody reads what it writes. */
    public static final int NOT_READ = 141;

    private ExitCodes() {}

    public static int of(ErrorCode code) {
        return switch (code) {
            case BAD_ARGUMENT, BAD_HASH, AUDIENCE_MISSING -> USAGE;
            case DAEMON_NOT_RUNNING, DAEMON_HANGS -> DAEMON_NOT_RUNNING;
            case UNKNOWN_FRIEND,
                    UNKNOWN_GROUP,
                    UNKNOWN_SHARE,
                    REVISION_GONE,
                    UNKNOWN_JOB,
                    UNKNOWN_WANT,
                    UNKNOWN_FOLLOW,
                    NOT_GRANTED,
                    NOT_BLOCKED,
                    PATH_MISSING,
                    NOTHING_FITS -> NOT_FOUND;
            case AMBIGUOUS -> AMBIGUOUS;
            case ALREADY_RUNNING -> ALREADY_RUNNING;
            default -> FAILED;
        };
    }
}
