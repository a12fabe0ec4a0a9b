package bitween.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "daemon",
        description = "Starts the daemon in the background, and returns when it is ready.",
        footer = {
            "",
            "Examples:",
            "  bitween daemon",
            "  bitween daemon --foreground    for systemd and the like; ends at SIGTERM or with: bitween stop"
        })
final class DaemonCommand extends Command {
    @Option(names = "--foreground", description = "stays the daemon, until it is stopped")
    private boolean foreground;

    DaemonCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        DaemonStarter daemons = session.environment().daemons();
        if (foreground) {
            return daemons.runInForeground(session.home());
        }
        long pid = daemons.startInBackground(session.home());
        if (session.isJson()) {
            session.json(Map.of("pid", pid));
        } else {
            out("the daemon runs (pid " + pid + "); bitween status shows how it is");
        }
        return ExitCodes.OK;
    }
}
