package bitween.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far something is: one line that changes where a person watches, else a new line now and then. Not thread-safe. */
final class ProgressLine {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final Clock clock;
    private final boolean silent;
    private @Nullable Instant lastLine;

    /** @param silent with {@code --json}: nothing is shown */
    ProgressLine(Terminal terminal, Clock clock, boolean silent) {
        this.terminal = terminal;
        this.clock = clock;
        this.silent = silent;
    }

    void update(String line) {
        if (silent) {
            return;
        }
        if (terminal.isInteractive()) {
            terminal.progress(line);
            return;
        }
        Instant now = clock.instant();
        if (lastLine == null || Duration.between(lastLine, now).compareTo(BETWEEN_LINES) >= 0) {
            terminal.err(line);
            lastLine = now;
        }
    }

    /** Clears the line that changes, so that the result stands in its place. */
    void clear() {
        if (!silent && terminal.isInteractive()) {
            terminal.progress("");
        }
    }
}
