package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

@CommandLine.Command(
        name = "top",
        description = "Shows what moves, live: rates, jobs with their rests, and who gives and gets.",
        footer = {
            "",
            "Ctrl-C ends it. With --json each picture is one object on a line of its own.",
            "",
            "Examples:",
            "  bitween top",
            "  bitween top --every 5",
            "  bitween top -n 1 --json"
        })
final class TopCommand extends Command {
    @Mixin
    private LiveView view = new LiveView();

    TopCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        return view.show(session, true, TopCommand::draw);
    }

    private static void draw(Session session, ControlClient daemon) throws InterruptedException {
        Answer status = daemon.call("status");
        List<Answer> jobs = daemon.call("jobs").views("jobs");
        if (session.isJson()) {
            Map<String, @Nullable Object> picture = new LinkedHashMap<>();
            picture.put("status", status.fields());
            picture.put("jobs", jobs.stream().map(Answer::fields).toList());
            session.json(picture);
            return;
        }
        Answer rates = status.view("rates");
        session.out(Units.rate(rates.number("down")) + " down, " + Units.rate(rates.number("up")) + " up; "
                + status.text("friendsOnline") + " of " + status.text("friends") + " friends online; xmpp "
                + status.view("xmpp").text("state").toLowerCase(Locale.ROOT) + "; up "
                + Units.duration(status.number("uptimeSeconds")));
        List<Answer> moving = jobs.stream()
                .filter(job -> !job.text("state").equals("COMPLETE"))
                .toList();
        session.out("");
        if (moving.isEmpty()) {
            session.out("nothing is on its way here");
        } else {
            Transfers.jobs(moving).print(session.terminal());
            Transfers.printErrors(moving, session);
        }
        List<Answer> friends = rates.views("friends");
        if (!friends.isEmpty()) {
            session.out("");
            Table table = new Table("FRIEND", ">DOWN", ">UP");
            friends.forEach(friend ->
                    table.row(friend.text("jid"), Units.rate(friend.number("down")), Units.rate(friend.number("up"))));
            table.print(session.terminal());
        }
    }
}
