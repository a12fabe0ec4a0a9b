package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "relocate",
        description = "Finds the files of a share that were moved, by what is in them, and shares them where they are.",
        footer = {
            "",
            "All files have to stand below DIR as they stood in the share; where they are otherwise named, --rename puts them so.",
            "",
            "Examples:",
            "  bitween relocate Music /media/disk",
            "  bitween relocate Music ~/sorted --rename"
        })
final class RelocateCommand extends Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "its name, #number or info-hash")
    private String name = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "below which they are now")
    private String directory = "";

    @Option(
            names = "--rename",
            description = "put files that have other names, or are in other folders, where the share has them")
    private boolean rename;

    RelocateCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ControlClient daemon = session.runningDaemon()) {
            Answer begun = daemon.call(
                    "share.relocate",
                    Map.of("name", name, "directory", session.path(directory).toString(), "rename", rename));
            Answer share =
                    Transfers.watch(session, daemon, begun, 0, "the search goes on; bitween shares tells how it ends");
            if (share.has("error")) {
                throw failureOf(share);
            }
            session.result(share, () -> out(share.text("name") + " is shared from " + share.text("place")));
        }
        return ExitCodes.OK;
    }
}
