package bitween.cli;

import bitween.control.client.Answer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "resume",
        description = "Lets a job go on that rests or failed.",
        footer = {
            "",
            "What rests because of its disk also goes on by itself.",
            "",
            "Examples:",
            "  bitween resume Music"
        })
final class ResumeCommand extends Command {
    @Parameters(paramLabel = "NAME", description = "the job's name, #number or info-hash")
    private String name = "";

    ResumeCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer job = ask("job.resume", Map.of("name", name));
        session.result(job, () -> {
            out(Transfers.line(job));
            Transfers.printErrors(List.of(job), session);
        });
        return ExitCodes.OK;
    }
}
