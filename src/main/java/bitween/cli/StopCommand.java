package bitween.cli;

import bitween.control.client.Answer;
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
    /** For the process to vanish after its stop was forced. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    StopCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer stop;
        try (ControlClient daemon = session.runningDaemon()) {
            stop = daemon.call("daemon.stop");
        }
        long pid = stop.number("pid");
        Duration limit = MARGIN.plusSeconds(stop.number("longestSeconds"));
        if (!session.environment().daemons().awaitExit(pid, limit)) {
            throw new UserException(
                    ErrorCode.TIMED_OUT,
                    "the daemon (pid " + pid + ") is not gone after " + limit.toSeconds() + " s",
                    "its log says what it waits for; kill -9 " + pid + " ends it, and nothing is lost");
        }
        if (session.isJson()) {
            session.json(Map.of("pid", pid, "stopped", true));
        } else {
            out("stopped");
        }
        return ExitCodes.OK;
    }
}
