package bitween.cli;

import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine;

@CommandLine.Command(
        name = "stop",
        description = "Stops the daemon, and returns when it is gone.",
        footer = {"", "Examples:", "  bitween stop"})
final class StopCommand extends Command {
    /** A clean stop takes 10 s at most. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    StopCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        long pid;
        try (ControlClient daemon = session.runningDaemon()) {
            pid = daemon.call("daemon.stop").number("pid");
        }
        if (!session.environment().daemons().awaitExit(pid, LIMIT)) {
            throw new UserException(
                    ErrorCode.TIMED_OUT,
                    "the daemon (pid " + pid + ") still stops after " + LIMIT.toSeconds() + " s",
                    "it ends itself in a moment; its log says what it waits for");
        }
        if (session.isJson()) {
            session.json(Map.of("pid", pid, "stopped", true));
        } else {
            out("stopped");
        }
        return ExitCodes.OK;
    }
}
