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
            "What is HELD can be got, such as alice/Notes@2: the newest, and those that its owner keeps (bitween share --live --keep-revisions N) or another friend shares.",
            "",
            "Examples:",
            "  bitween log Notes",
            "  bitween log alice/Notes",
            "  bitween log alice/Notes --json",
            "  bitween get alice/Notes@2       gets what it was then, as Notes@2"
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
        Table table = new Table("REVISION", "MADE", ">FILES", ">SIZE", "HELD", "INFO-HASH");
        for (Answer revision : answer.views("revisions")) {
            table.row(
                    Transfers.revision(revision),
                    revision.instant("made")
                            .map(made -> Units.time(made, clock()))
                            .orElse("-"),
                    revision.text("files"),
                    Transfers.size(revision),
                    revision.flag("available") ? "yes" : "-",
                    revision.text("hash"));
        }
        table.print(session.terminal());
        for (Answer revision : answer.views("revisions")) {
            if (revision.has("keptAt")) {
                out("what " + Transfers.revision(revision) + " had is in " + revision.text("keptAt"));
            }
        }
    }
}
