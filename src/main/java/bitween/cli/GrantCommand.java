package bitween.cli;

import bitween.control.client.Answer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "grant",
        description = "Lets more people have something that you share.",
        footer = {
            "",
            "WHO is everyone (in your roster), @GROUP (of your roster, as it is at any time), or a friend, by their whole name or address.",
            "",
            "Examples:",
            "  bitween grant Music bob",
            "  bitween grant Music @family carol@example.net"
        })
final class GrantCommand extends Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "the share's name, #number or info-hash")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "WHO", description = "who may have it from now on")
    private List<String> grantees = List.of();

    GrantCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer share = ask("share.grant", Map.of("name", name, "to", grantees));
        session.result(share, () -> out(share.text("name") + " is for " + Transfers.audience(share)));
        return ExitCodes.OK;
    }
}
