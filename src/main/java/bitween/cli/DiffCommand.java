package bitween.cli;

import bitween.control.client.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "diff",
        description =
                "Shows what is other in one revision of a live share than in another, by content: + added, ~ changed, - removed, > renamed.",
        footer = {
            "",
            "Examples:",
            "  bitween diff Notes              what the last change was",
            "  bitween diff Notes@2            what changed since revision 2",
            "  bitween diff alice/Notes@2 @3   what changed between the two"
        })
final class DiffCommand extends Command {
    @Parameters(index = "0", paramLabel = "NAME[@N]", description = "its name; FRIEND/SHARE for a friend's")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "@M", description = "the newest, if not said")
    private @Nullable String to;

    DiffCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("name", name);
        params.put("to", to);
        Answer answer = ask("share.diff", params);
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    private void print(Answer answer) {
        Answer counts = answer.view("counts");
        out(answer.text("name") + " " + Transfers.revision(answer.view("from")) + " to "
                + Transfers.revision(answer.view("to")) + ": " + counts.text("added") + " added, "
                + counts.text("changed") + " changed, " + counts.text("removed") + " removed, " + counts.text("renamed")
                + " renamed");
        print("+ ", answer.views("added"));
        print("~ ", answer.views("changed"));
        print("- ", answer.views("removed"));
        for (Answer renamed : answer.views("renamed")) {
            out("> " + String.join("/", renamed.texts("before")) + " is " + path(renamed));
        }
    }

    private void print(String mark, List<Answer> entries) {
        entries.forEach(entry -> out(mark + path(entry) + " (" + Transfers.size(entry) + ")"));
    }

    private static String path(Answer entry) {
        return String.join("/", entry.texts("path"));
    }
}
