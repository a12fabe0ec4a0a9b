package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "block",
        description = {
            "Has nothing to do with somebody any more: links close at once, what was granted to them is not any longer, they leave the roster, which tells them, and cannot ask again.",
            "Copies that they have already stay with them."
        },
        footer = {
            "",
            "Examples:",
            "  bitween block bob@example.org",
            "  bitween friends                       shows who is blocked",
            "  bitween unblock bob@example.org       ends it"
        })
final class BlockCommand extends Command {
    @Parameters(
            paramLabel = "JID",
            description = "a friend, or somebody who asks to be one; the part before the @ is enough")
    private String jid = "";

    BlockCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer entry = ask("block", Map.of("jid", jid));
        session.result(
                entry,
                () -> advise(entry.text("jid") + " is blocked: bitween unblock " + entry.text("jid") + " ends it"));
        return ExitCodes.OK;
    }
}
