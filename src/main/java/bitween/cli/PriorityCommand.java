package bitween.cli;

import bitween.control.client.Answer;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "priority",
        description =
                "Says which jobs matter more: they download before others, and take the turn of those that matter less.",
        footer = {
            "",
            "How many download at once, downloads.active in bitween.toml says; what has to wait keeps what came of it.",
            "",
            "Examples:",
            "  bitween priority Music high",
            "  bitween priority '#3' low",
            "  bitween get alice/Music --priority high"
        })
final class PriorityCommand extends Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "the job's name, #number or info-hash")
    private String name = "";

    @Parameters(index = "1", paramLabel = "PRIORITY", description = "high, normal or low")
    private String priority = "";

    PriorityCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer job = ask("job.priority", Map.of("name", name, "priority", priority));
        session.result(
                job,
                () -> out(job.text("name") + " has " + job.text("priority").toLowerCase(Locale.ROOT) + " priority: "
                        + Transfers.state(job)));
        return ExitCodes.OK;
    }
}
