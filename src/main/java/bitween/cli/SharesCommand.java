package bitween.cli;

import bitween.control.client.Answer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

@CommandLine.Command(
        name = "shares",
        description = "Lists what you share.",
        footer = {"", "Examples:", "  bitween shares", "  bitween shares --json"})
final class SharesCommand extends Command {
    /** The whole is in bitween info. */
    private static final int AUDIENCE_COLUMNS = 40;

    SharesCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = ask("shares", Map.of());
        session.result(answer, () -> print(answer.views("shares")));
        return ExitCodes.OK;
    }

    private void print(List<Answer> shares) {
        if (shares.isEmpty()) {
            advise("you share nothing yet: bitween share PATH");
            return;
        }
        Table table = new Table("NAME", "?REVISION", ">SIZE", ">FILES", "STATE", "FOR", ">UPLOADED", ">UP", "PLACE");
        for (Answer share : shares) {
            boolean hashing = share.text("state").equals("HASHING") && share.has("percent") && !share.has("revision");
            table.row(
                    share.text("name"),
                    Transfers.revision(share),
                    Transfers.size(share),
                    share.has("files") ? share.text("files") : "-",
                    Transfers.state(share) + (hashing ? " " + Transfers.percent(share) : ""),
                    Term.fitted(Transfers.audience(share), AUDIENCE_COLUMNS),
                    Units.size(share.number("uploadedBytes")),
                    Units.rate(share.number("uploadBytesPerSecond")),
                    share.text("place"));
        }
        table.print(session.terminal());
        Transfers.printErrors(shares, session);
    }
}
