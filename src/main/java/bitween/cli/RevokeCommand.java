package bitween.cli;

import bitween.control.client.Answer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "revoke",
        description = "Takes something that you share from people. Copies that they have already stay with them.",
        footer = {
            "",
            "WHO is what bitween shares lists: everyone, @GROUP, or a friend. A friend who would keep it as one of everyone or of a group is",
            "not revoked, and you are told so.",
            "",
            "Examples:",
            "  bitween revoke Music bob",
            "  bitween revoke Music everyone"
        })
final class RevokeCommand extends Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "the share's name, #number or info-hash")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "WHO", description = "who may have it no longer")
    private List<String> grantees = List.of();

    RevokeCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer share = ask("share.revoke", Map.of("name", name, "from", grantees));
        session.result(share, () -> out(share.text("name") + " is for " + Transfers.audience(share)));
        return ExitCodes.OK;
    }
}
