package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "pause",
        description =
                "Lets jobs rest, offers shares to nobody, or exchanges nothing with a friend, until bitween resume.",
        footer = {
            "",
            "It holds over restarts too. What has come of a job stays. Friends see a share that is paused as unavailable at the moment, and get",
            "nothing of it; whom it is for is kept. With --friend nothing comes from this friend or goes there, whatever it is: jobs go on with others who have it, and wait where there is",
            "nobody else; the friend's list can still be read. --all does not hold for what is begun later.",
            "",
            "Examples:",
            "  bitween pause Music",
            "  bitween pause '#3' Films",
            "  bitween pause --friend bob",
            "  bitween pause --all"
        })
final class PauseCommand extends SeveralCommand {
    private static final Set<String> AT_REST = Set.of("PAUSED", "COMPLETE", "FAILED");

    @Option(names = "--friend", paramLabel = "FRIEND", description = "whatever comes from and goes to this friend")
    private @Nullable String friend;

    PauseCommand(Session session) {
        super(session, "transfer.pause");
    }

    @Override
    @Nullable
    String friend() {
        return friend;
    }

    @Override
    int ofFriend(ControlClient daemon, String named) throws InterruptedException {
        Answer paused = daemon.call("friend.pause", Map.of("friend", named));
        session.result(
                paused,
                () -> advise("nothing comes from " + paused.text("jid")
                        + " or goes there until: bitween resume --friend " + paused.text("jid")));
        return ExitCodes.OK;
    }

    @Override
    boolean isMeant(Answer transfer) {
        return !AT_REST.contains(transfer.text("state"));
    }

    @Override
    void print(Answer transfer) {
        boolean share = transfer.text("kind").equals("SHARE");
        advise(transfer.text("name") + (share ? " is offered to nobody" : " rests") + "; bitween resume '#"
                + transfer.text("id") + "' " + (share ? "shares it again" : "lets it go on"));
    }
}
