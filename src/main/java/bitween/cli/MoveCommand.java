package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "move",
        description = "Moves a share or job into another folder, also on another disk, and goes on with it there.",
        footer = {"", "Examples:", "  bitween move Music /media/disk", "  bitween move '#7' ~/films"})
final class MoveCommand extends Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "its name, #number or info-hash")
    private String name = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "where to; it is made when it is not there")
    private String directory = "";

    MoveCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ControlClient daemon = session.runningDaemon()) {
            Answer begun = daemon.call(
                    "transfer.move",
                    Map.of("name", name, "directory", session.path(directory).toString()));
            Answer moved = Transfers.watchWhile(
                    session,
                    daemon,
                    begun,
                    "MOVING",
                    "the move goes on; bitween info '#" + begun.text("id") + "' shows how far it is");
            boolean rests = moved.text("state").equals("PAUSED")
                    && session.path(directory)
                            .equals(Path.of(moved.text("place")).getParent());
            if (moved.has("error") && !rests) {
                throw failureOf(moved);
            }
            session.result(moved, () -> out(moved.text("name") + " is at " + moved.text("place")));
        }
        return ExitCodes.OK;
    }
}
