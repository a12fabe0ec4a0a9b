package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "log",
        description = "Lists the revisions of a live share, your own or a friend's, the newest first.",
        footer = {
            "",
            "Examples:",
            "  bitween log Notes",
            "  bitween log alice/Notes",
            "  bitween log alice/Notes --json"
        })
final class LogCommand extends Command {
    @Parameters(paramLabel = "NAME", description = "its name or #number; FRIEND/SHARE for a friend's")
    private String name = "";

    LogCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = ask("share.log", Map.of("name", name));
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    private void print(Answer answer) {
        Table table = new Table("REVISION", "MADE", ">FILES", ">SIZE", "INFO-HASH");
        for (Answer revision : answer.views("revisions")) {
            table.row(
                    Transfers.revision(revision),
                    revision.instant("made")
                            .map(made -> Units.time(made, clock()))
                            .orElse("-"),
                    revision.text("files"),
                    Transfers.size(revision),
                    revision.text("hash"));
        }
        table.print(session.terminal());
    }
}
