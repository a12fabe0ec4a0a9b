package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "unfollow",
        description = "Follows something no longer. What has come stays, and what is on its way comes.",
        footer = {"", "Examples:", "  bitween unfollow alice/Gardening"})
final class UnfollowCommand extends Command {
    @Parameters(paramLabel = "FRIEND/SHARE", description = "as bitween follow lists it")
    private String what = "";

    UnfollowCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer gone = ask("follow.rm", Map.of("ref", what));
        session.result(gone, () -> out("you follow " + gone.text("title") + " no longer; what has come stays"));
        return ExitCodes.OK;
    }
}
