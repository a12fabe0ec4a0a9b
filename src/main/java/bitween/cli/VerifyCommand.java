package bitween.cli;

import bitween.control.client.Answer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "verify",
        description = {
            "Shows words that two people compare, by telephone or side by side.",
            "When both see the same ones, nobody stands between your two devices, not even your XMPP servers."
        },
        footer = {"", "Examples:", "  bitween verify alice@example.org"})
final class VerifyCommand extends Command {
    private static final int WORDS_A_LINE = 4;

    @Parameters(paramLabel = "FRIEND", description = "with whom you compare")
    private String friend = "";

    VerifyCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = ask("verify", Map.of("friend", friend));
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    private void print(Answer answer) {
        for (Answer device : answer.views("devices")) {
            out("with " + device.text("name") + " of " + answer.text("jid")
                    + (device.flag("trusted") ? "" : ", which is not trusted") + ":");
            List<String> words = device.texts("words");
            for (int at = 0; at < words.size(); at += WORDS_A_LINE) {
                out("  " + String.join(" ", words.subList(at, Math.min(at + WORDS_A_LINE, words.size()))));
            }
            out("  its id " + Units.groups(device.text("id")));
        }
        out("This device's id " + Units.groups(answer.text("own")));
        out("They see the same words with: bitween verify "
                + (answer.has("self") ? answer.text("self") : "YOUR-ADDRESS"));
    }
}
