package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "trust",
        description = {
            "Lets a device of a friend, or another one of your own, exchange files with this one.",
            "The first device of a friend is trusted by itself, and later ones for which it vouches; any other waits for you. Compare the words first: bitween verify FRIEND"
        },
        footer = {
            "",
            "Examples:",
            "  bitween friends                       shows what waits",
            "  bitween verify alice@example.org      shows the words that both of you should see",
            "  bitween trust alice@example.org",
            "  bitween trust alice@example.org 93efd8e3"
        })
final class TrustCommand extends Command {
    @Parameters(index = "0", paramLabel = "FRIEND", description = "whose device it is")
    private String friend = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DEVICE",
            description = "its name, or how its id begins; needed only when several wait")
    private @Nullable String device;

    TrustCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, @Nullable Object> params = new TreeMap<>();
        params.put("friend", friend);
        params.put("device", device);
        Answer answer = ask("trust", params);
        session.result(
                answer,
                () -> out(answer.text("name") + " (" + answer.text("device").substring(0, 8) + ") of "
                        + answer.text("jid") + " is trusted " + (answer.flag("already") ? "already" : "now")));
        return ExitCodes.OK;
    }
}
