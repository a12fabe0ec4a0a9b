package bitween.cli;

import bitween.control.client.Answer;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "priority",
        description =
                "Says which jobs matter more: they download before others, and take the turn of those that matter less; and which files of a job come first.",
        footer = {
            "",
            "How many download at once, downloads.active in bitween.toml says; what has to wait keeps what came of it.",
            "With a file, a folder or a pattern of the job after its name it is about these files only, among the job's; what was said last holds.",
            "A pattern has *, ? and, for any folders, **; with a / in it it is a path, else a name anywhere. NAME/* normal forgets all that was said.",
            "bitween info NAME shows it; bitween ls FRIEND/SHARE shows it beside each file.",
            "",
            "Examples:",
            "  bitween priority Music high",
            "  bitween priority '#3' low",
            "  bitween priority Film/Film.mkv high",
            "  bitween priority 'Film/Extras/**' low",
            "  bitween get alice/Music --priority high"
        })
final class PriorityCommand extends Command {
    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "the job's name, #number or info-hash; NAME/PATH or NAME/GLOB for files of it")
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
                () -> out(
                        name.startsWith("magnet:") || name.indexOf('/') < 0
                                ? job.text("name") + " has "
                                        + job.text("priority").toLowerCase(Locale.ROOT) + " priority: "
                                        + Transfers.state(job)
                                : "in " + job.text("name") + ", " + name.substring(name.indexOf('/') + 1) + " has "
                                        + priority.toLowerCase(Locale.ROOT) + " priority: " + Transfers.state(job)));
        return ExitCodes.OK;
    }
}
