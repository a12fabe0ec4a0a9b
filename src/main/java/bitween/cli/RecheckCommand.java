package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "recheck",
        description = "Compares a share or job with its hashes, fetches what is wrong, and tries again what failed.",
        footer = {"", "Examples:", "  bitween recheck Music"})
final class RecheckCommand extends Command {
    @Parameters(paramLabel = "NAME", description = "its name, #number or info-hash")
    private String name = "";

    RecheckCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer transfer = ask("transfer.recheck", Map.of("name", name));
        session.result(
                transfer,
                () -> out(transfer.text("name") + " is being checked; bitween info '#" + transfer.text("id")
                        + "' shows how far it is"));
        return ExitCodes.OK;
    }
}
