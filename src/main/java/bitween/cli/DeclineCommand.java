package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "decline",
        description = "Says no to something that a friend sends you. They are told, and the offer is gone.",
        footer = {
            "",
            "Examples:",
            "  bitween offers                  lists what friends send",
            "  bitween decline bob/film.mkv"
        })
final class DeclineCommand extends Command {
    @Parameters(paramLabel = "FRIEND/SHARE", description = "what a friend sends, or its info-hash")
    private String what = "";

    DeclineCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer offer = ask("offer.decline", Map.of("ref", what));
        session.result(offer, () -> out(offer.text("jid") + "/" + offer.text("name") + " is declined"));
        return ExitCodes.OK;
    }
}
