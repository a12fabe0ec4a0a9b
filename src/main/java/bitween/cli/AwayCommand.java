package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "away",
        description = {
            "Leaves: friends see you go, and the daemon runs on without the XMPP server until: bitween back",
            "What is on its way goes on; nothing new begins. A restart changes nothing of it, but ends what is on its way."
        },
        footer = {
            "",
            "Examples:",
            "  bitween away",
            "  bitween away --stop-seeding    nobody gets anything from you meanwhile"
        })
final class AwayCommand extends Command {
    @Option(names = "--stop-seeding", description = "also ends what friends get from you, at once")
    private boolean stopSeeding;

    AwayCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer now = ask("away", stopSeeding ? Map.of("stopSeeding", true) : Map.of());
        session.result(
                now,
                () -> out("you are away" + (now.flag("seedingStopped") ? ", and nobody gets anything from you" : "")
                        + "; " + session.command("bitween back") + " ends it"));
        return ExitCodes.OK;
    }
}
