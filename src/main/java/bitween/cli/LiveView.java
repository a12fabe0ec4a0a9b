package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a view that is shown again and again: on a screen in its place, else one picture after the other. */
final class LiveView {
    private static final double LEAST_SECONDS = 0.1;
    private static final int MAX_SECONDS = 3_600;
    private static final double NS = 1e9;
    /** Of the daemon's waits. */
    private static final long MAX_WAIT_MS = 20_000;

    @Option(names = "--every", paramLabel = "SECONDS", description = "how long a picture stays (1)")
    private double everySeconds = 1;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "ends after so many pictures; else Ctrl-C ends it")
    private @Nullable Integer count;

    /** Makes one picture. */
    interface Picture {
        void draw(Session session, ControlClient daemon) throws InterruptedException;
    }

    /** @param live whether it goes on after the first picture */
    int show(Session session, boolean live, Picture picture) throws InterruptedException {
        if (!(everySeconds >= LEAST_SECONDS) || everySeconds > MAX_SECONDS) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "--every takes " + LEAST_SECONDS + " to " + MAX_SECONDS + " seconds, not " + everySeconds,
                    "");
        }
        long last = count == null ? 0 : Units.within("-n", count, 1, Integer.MAX_VALUE);
        try (ControlClient daemon = session.runningDaemon()) {
            return live
                    ? session.whileRead(() -> follow(session, daemon, picture, last))
                    : once(session, daemon, picture);
        }
    }

    private static int once(Session session, ControlClient daemon, Picture picture) throws InterruptedException {
        picture.draw(session, daemon);
        return ExitCodes.OK;
    }

    private int follow(Session session, ControlClient daemon, Picture picture, long last) throws InterruptedException {
        long dueNs = System.nanoTime();
        for (int shown = 1; ; shown++) {
            draw(session, daemon, picture);
            if (shown == last) {
                return ExitCodes.OK;
            }
            if (session.terminal().isAbandoned()) {
                return ExitCodes.NOT_READ;
            }
            dueNs += (long) (everySeconds * NS);
            await(daemon, dueNs);
        }
    }

    private static void draw(Session session, ControlClient daemon, Picture picture) throws InterruptedException {
        if (session.isJson() || !session.terminal().isInteractive()) {
            picture.draw(session, daemon);
            return;
        }
        Frame frame = new Frame(session.terminal());
        picture.draw(session.on(frame), daemon);
        session.terminal().screen(frame.lines());
    }

    /** In the daemon, so that its end is seen at once. */
    private static void await(ControlClient daemon, long dueNs) throws InterruptedException {
        long from = Long.MAX_VALUE;
        long leftMs = TimeUnit.NANOSECONDS.toMillis(dueNs - System.nanoTime());
        while (leftMs > 0) {
            Answer unused =
                    daemon.call("events", Map.of("from", from, "timeoutMs", Math.min(leftMs, MAX_WAIT_MS), "limit", 1));
            leftMs = TimeUnit.NANOSECONDS.toMillis(dueNs - System.nanoTime());
        }
    }
}
