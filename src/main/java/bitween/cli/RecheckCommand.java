package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "recheck",
        description = "Compares shares and jobs with their hashes, fetches what is wrong, and tries again what failed.",
        footer = {
            "",
            "Examples:",
            "  bitween recheck Music",
            "  bitween recheck --friend bob",
            "  bitween recheck --all"
        })
final class RecheckCommand extends SeveralCommand {
    @Option(names = "--friend", paramLabel = "FRIEND", description = "the jobs that get what this friend shares")
    private @Nullable String friend;

    RecheckCommand(Session session) {
        super(session, "transfer.recheck");
    }

    @Override
    @Nullable
    String friend() {
        return friend;
    }

    @Override
    int ofFriend(ControlClient daemon, String named) throws InterruptedException {
        Set<String> theirs = daemon.call("hashes", Map.of("friend", named)).views("shares").stream()
                .map(share -> share.text("hash"))
                .collect(Collectors.toSet());
        List<String> jobs = daemon.call("jobs").views("jobs").stream()
                .filter(job -> theirs.contains(job.text("hash")))
                .filter(this::isMeant)
                .map(job -> "#" + job.text("id"))
                .toList();
        return each(daemon, jobs);
    }

    /** What rests is not to go on because of it. */
    @Override
    boolean isMeant(Answer transfer) {
        return !Transfers.isPaused(transfer);
    }

    @Override
    void print(Answer transfer) {
        advise(transfer.text("name") + " is being checked; bitween info '#" + transfer.text("id")
                + "' shows how far it is");
    }
}
