package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "distrust",
        description = {
            "Trusts a device of a friend, or another one of your own, no longer: one that was lost, stolen, sold or set up anew.",
            "Its links end at once, and what it shared is out of the lists. Should it come back, it is held until you say trust, whoever vouches for it; so is the next one of somebody who has no other.",
            "Of your own, say it on each device that you have; friends who trust it have to say it, too. Whoever has it may also know your account's password: change that."
        },
        footer = {
            "",
            "Examples:",
            "  bitween friends                           shows the devices",
            "  bitween distrust bob@example.org phone",
            "  bitween distrust bob@example.org 93efd8e3"
        })
final class DistrustCommand extends Command {
    @Parameters(index = "0", paramLabel = "FRIEND", description = "whose device it is")
    private String friend = "";

    @Parameters(
            index = "1",
            paramLabel = "DEVICE",
            description = "its name, or how its id begins; one that is not shown, by its whole id")
    private String device = "";

    DistrustCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = ask("distrust", Map.of("friend", friend, "device", device));
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    private void print(Answer answer) {
        String brief = answer.text("device").substring(0, 8);
        out((answer.has("name") ? answer.text("name") + " (" + brief + ")" : brief) + " of " + answer.text("jid")
                + " is trusted no longer, and cut off");
        if (answer.flag("self")) {
            advise("friends who trust it have to say so, too: bitween distrust " + answer.text("jid") + " " + brief);
        }
    }
}
