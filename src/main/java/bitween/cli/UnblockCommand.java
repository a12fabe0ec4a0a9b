package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "unblock",
        description = {
            "Lets somebody who was blocked ask to be a friend again. They are no friend before one of you asks."
        },
        footer = {
            "",
            "Examples:",
            "  bitween unblock bob@example.org",
            "  bitween friend add bob@example.org    asks them"
        })
final class UnblockCommand extends Command {
    @Parameters(paramLabel = "JID", description = "who was blocked; the part before the @ is enough")
    private String jid = "";

    UnblockCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer entry = ask("unblock", Map.of("jid", jid));
        session.result(
                entry,
                () -> advise(entry.text("jid") + " is blocked no longer: bitween friend add " + entry.text("jid")
                        + " asks them to be a friend"));
        return ExitCodes.OK;
    }
}
