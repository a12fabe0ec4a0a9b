package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "rm",
        description = "Forgets a job. What it got as a whole stays, unless --with-files is given.",
        footer = {
            "",
            "What was got and is shared on, as with get --reshare, is in the list of shares, and is forgotten and deleted in the same way.",
            "",
            "Files that another share of yours offers from where they stand are not deleted: unshare that first.",
            "",
            "Examples:",
            "  bitween rm Music",
            "  bitween rm '#3' --with-files --yes"
        })
final class RmCommand extends Command {
    @Parameters(paramLabel = "NAME", description = "the name, #number or info-hash")
    private String name = "";

    @Option(names = "--with-files", description = "also deletes what it got")
    private boolean withFiles;

    @Option(names = "--yes", description = "does not ask")
    private boolean yes;

    RmCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (withFiles && !yes && !session.isInteractive()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "nobody can be asked here whether the files may be deleted",
                    "add --yes if they may");
        }
        try (ControlClient daemon = session.daemon()) {
            String confirmed = name;
            if (!yes && session.isInteractive()) {
                Answer asked = daemon.call("transfer.get", Map.of("name", name, "kind", "GOT"));
                if (!isConfirmed(asked)) {
                    out("nothing was removed");
                    return ExitCodes.FAILED;
                }
                confirmed = "#" + asked.text("id"); // by then the name may mean another one
            }
            Answer job = daemon.call("job.rm", Map.of("name", confirmed, "withFiles", withFiles));
            session.result(job, () -> out(job.text("name") + (withFiles ? withFiles(job) : alone(job))));
        }
        return ExitCodes.OK;
    }

    private static String withFiles(Answer job) {
        if (job.flag("deleting")) {
            return " is removed; its files are still being deleted, which goes on by itself";
        }
        return " is removed with its files"
                + (job.flag("remains") ? "; what else is in " + job.text("place") + " stays" : "");
    }

    private static String alone(Answer job) {
        if (!isWhole(job)) {
            return " is forgotten";
        }
        return " is forgotten; "
                + (job.flag("remains")
                        ? "it stays in " + job.text("place")
                        : "its files were gone before: nothing is at " + job.text("place"));
    }

    /** Before that there is nothing under its name; what came of it is deleted with the job. */
    private static boolean isWhole(Answer job) {
        return job.text("state").equals("COMPLETE") || job.has("finished");
    }

    private boolean isConfirmed(Answer job) {
        return session.isConfirmed(
                withFiles
                        ? "Forget " + job.text("name") + " and delete " + job.text("place") + "?"
                        : "Forget the job " + job.text("name") + "? "
                                + (isWhole(job) ? "Its files stay." : "What has come of it is deleted."));
    }
}
