package bitween.cli;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a daemon ends by itself.
 *
 * @param span how long the condition has to hold
 */
public record ExitWhen(Condition condition, Duration span) {
    /** Long enough for friends who pause between two shares. */
    static final Duration IDLE = Duration.ofMinutes(1);

    /** At most nine digits: no sum of days overflows. */
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})([smhd])");

    /** What a daemon waits for. */
    public enum Condition {
        /** No job is left to get. */
        DONE,
        /** As {@link #DONE}, and nothing is hashed, checked or given to a friend. */
        IDLE,
        /** As {@link #DONE}, and each share, and each job that is complete, was offered for a while. */
        SEEDED
    }

    /** @throws UserException BAD_ARGUMENT */
    static ExitWhen parse(String text) {
        if (text.equals("done")) {
            return new ExitWhen(Condition.DONE, Duration.ZERO);
        }
        if (text.equals("idle")) {
            return new ExitWhen(Condition.IDLE, IDLE);
        }
        if (text.startsWith("seeded:")) {
            return new ExitWhen(Condition.SEEDED, span(text, text.substring("seeded:".length())));
        }
        throw wrong(text);
    }

    private static Duration span(String text, String span) {
        Matcher matcher = SPAN.matcher(span);
        if (!matcher.matches()) {
            throw wrong(text);
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static UserException wrong(String text) {
        return new UserException(
                ErrorCode.BAD_ARGUMENT,
                "--exit-when does not know '" + text + "'",
                "it is done, idle, or seeded: with a time such as 90s, 30m, 2h or 1d");
    }

    /** As on a command line. */
    @Override
    public String toString() {
        return switch (condition) {
            case DONE -> "done";
            case IDLE -> "idle";
            case SEEDED -> "seeded:" + span.toSeconds() + "s";
        };
    }
}
