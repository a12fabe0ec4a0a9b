package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "pause",
        description = "Lets a job rest until bitween resume, over restarts too. What came of it stays.",
        footer = {"", "Examples:", "  bitween pause Music", "  bitween pause '#3'"})
final class PauseCommand extends Command {
    @Parameters(paramLabel = "NAME", description = "the job's name, #number or info-hash")
    private String name = "";

    PauseCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer job = ask("job.pause", Map.of("name", name));
        session.result(
                job, () -> out(job.text("name") + " rests; bitween resume '#" + job.text("id") + "' lets it go on"));
        return ExitCodes.OK;
    }
}
