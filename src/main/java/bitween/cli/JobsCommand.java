package bitween.cli;

import bitween.control.client.Answer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

@CommandLine.Command(
        name = "jobs",
        description = "Lists what you get, and how far it is.",
        footer = {"", "Examples:", "  bitween jobs", "  bitween jobs --json"})
final class JobsCommand extends Command {
    JobsCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = ask("jobs", Map.of());
        session.result(answer, () -> print(answer.views("jobs")));
        return ExitCodes.OK;
    }

    private void print(List<Answer> jobs) {
        if (jobs.isEmpty()) {
            advise("you get nothing at the moment: bitween ls shows what there is");
            return;
        }
        Transfers.jobs(jobs).print(session.terminal());
        Transfers.printErrors(jobs, session);
    }
}
