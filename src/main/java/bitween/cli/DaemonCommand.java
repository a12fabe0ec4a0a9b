package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.time.Duration;
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
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    /** Two seconds: by then most servers have answered. */
    private static final int LOOKS = 40;

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
            out("the daemon runs (pid " + pid + "); " + session.command("bitween status") + " shows how it is");
            try (ControlClient daemon = session.runningDaemon()) {
                StoreTrouble.lines(daemon.call("status").view("store"), clock())
                        .forEach(line -> out("the database: " + line));
                printLogin(daemons, daemon, pid);
            }
        }
        return ExitCodes.OK;
    }

    /** What keeps it from being online, if that shows soon; programs ask for the status. */
    private void printLogin(DaemonStarter daemons, ControlClient daemon, long pid) throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            Answer xmpp = daemon.call("status").view("xmpp");
            Answer error = xmpp.view("error");
            if (error.has("message")) {
                out("it is not online: " + error.text("message"));
                if (!error.text("hint").isEmpty()) {
                    out("  " + session.command(error.text("hint")));
                }
                return;
            }
            if (xmpp.text("state").equals("AWAY")) {
                out("you are away, as you said; " + session.command("bitween back") + " ends it");
                return;
            }
            if (xmpp.text("state").equals("ONLINE") || daemons.awaitExit(pid, LOOK_AGAIN)) {
                return;
            }
        }
        out("it is not online yet");
    }
}
