package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "unshare",
        description = "Stops sharing. Your files stay.",
        footer = {"", "Examples:", "  bitween unshare Music"})
final class UnshareCommand extends Command {
    @Parameters(paramLabel = "NAME", description = "its name, #number or info-hash")
    private String name = "";

    UnshareCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer share = ask("share.rm", Map.of("name", name));
        session.result(
                share,
                () -> out(
                        share.text("name") + " is no longer shared; it stays where it is, in " + share.text("place")));
        return ExitCodes.OK;
    }
}
