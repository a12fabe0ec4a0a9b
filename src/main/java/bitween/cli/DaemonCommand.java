package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "daemon",
        description = "Starts the daemon in the background, and returns when it is ready.",
        footer = {
            "",
            "Examples:",
            "  bitween daemon",
            "  bitween daemon --foreground    for systemd and the like; ends at SIGTERM or with: bitween stop",
            "  bitween daemon --foreground --exit-when done && echo all is here",
            "",
            "WHEN, for a daemon that nobody watches:",
            "  done          no job is left to get; where there is none at all, after 30 s",
            "  idle          also nothing was hashed, checked or given to a friend for a minute",
            "  seeded:TIME   also each share, and each job that is complete, was offered for so long since the daemon began;",
            "                TIME is like 90s, 30m, 2h or 1d",
            "What has failed is not waited for, nor, by seeded, a share whose files went or were changed: then the",
            "exit code of --foreground is 1 instead of 0. A job that you paused is not waited for, and is no failure; one",
            "that pauses because its disk is full or away goes on by itself, and is waited for."
        })
final class DaemonCommand extends Command {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    /** Two seconds: by then most servers have answered. */
    private static final int LOOKS = 40;

    @Option(names = "--foreground", description = "stays the daemon, until it is stopped")
    private boolean foreground;

    @Option(names = "--exit-when", paramLabel = "WHEN", description = "ends by itself: done, idle or seeded:TIME")
    private @Nullable String exitWhen;

    DaemonCommand(Session session) {
        super(session);
    }

    DaemonCommand(Session session, boolean foreground) {
        super(session);
        this.foreground = foreground;
    }

    @Override
    public Integer call() throws InterruptedException {
        ExitWhen when = exitWhen == null ? null : ExitWhen.parse(exitWhen);
        DaemonStarter daemons = session.environment().daemons();
        if (foreground) {
            return daemons.runInForeground(session.home(), when);
        }
        long pid = daemons.startInBackground(session.home(), when);
        if (session.isJson()) {
            session.json(Map.of("pid", pid));
        } else {
            out("the daemon runs (pid " + pid + "); " + session.command("bitween status") + " shows how it is");
            try (ControlClient daemon = session.runningDaemon()) {
                StoreTrouble.lines(daemon.call("status").view("store"), clock())
                        .forEach(line -> advise("the database: " + line));
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
