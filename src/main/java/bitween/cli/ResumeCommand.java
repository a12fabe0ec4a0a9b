package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "resume",
        description = "Lets jobs and shares go on that rest or failed, or ends the pause of a friend.",
        footer = {
            "",
            "What rests because of its disk also goes on by itself. A share whose files were changed meanwhile is not offered, and says so.",
            "",
            "Examples:",
            "  bitween resume Music",
            "  bitween resume --friend bob",
            "  bitween resume --all"
        })
final class ResumeCommand extends SeveralCommand {
    private static final Set<String> AT_REST = Set.of("PAUSED", "FAILED");

    @Option(names = "--friend", paramLabel = "FRIEND", description = "exchanges with this friend again")
    private @Nullable String friend;

    ResumeCommand(Session session) {
        super(session, "transfer.resume");
    }

    @Override
    @Nullable
    String friend() {
        return friend;
    }

    @Override
    int ofFriend(ControlClient daemon, String named) throws InterruptedException {
        Answer going = daemon.call("friend.resume", Map.of("friend", named));
        session.result(going, () -> out(going.text("jid") + " is no longer paused"));
        return ExitCodes.OK;
    }

    @Override
    boolean isMeant(Answer transfer) {
        return AT_REST.contains(transfer.text("state"));
    }

    @Override
    void print(Answer transfer) {
        out(Transfers.line(transfer));
        Transfers.printErrors(List.of(transfer), session);
    }
}
