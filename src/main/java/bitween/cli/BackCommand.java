package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;

@CommandLine.Command(
        name = "back",
        description = "Ends bitween away: connects again, and friends see you.",
        footer = {"", "Examples:", "  bitween back"})
final class BackCommand extends Command {
    BackCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer now = ask("back", Map.of());
        session.result(
                now,
                () -> out(
                        now.text("state").equals("ONLINE")
                                ? "friends see you"
                                : "you are back; friends see you once you are online: "
                                        + session.command("bitween status")));
        return ExitCodes.OK;
    }
}
