package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "status",
        description = "Shows how the daemon is: connection, port, disk, rates, jobs.",
        footer = {"", "Examples:", "  bitween status", "  bitween status --watch --every 5", "  bitween status --json"})
final class StatusCommand extends Command {
    /** What fits a screen. */
    private static final int MAX_LINKS = 10;

    @Option(
            names = {"-w", "--watch"},
            description = "shows it again and again, until Ctrl-C")
    private boolean watch;

    @Mixin
    private LiveView view = new LiveView();

    StatusCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        return view.show(session, watch, (shown, daemon) -> new StatusCommand(shown).draw(daemon));
    }

    private void draw(ControlClient daemon) throws InterruptedException {
        Answer status = daemon.call("status");
        if (session.isJson()) {
            session.json(status.fields());
            return;
        }
        print(status);
        if (status.number("jobs") > 0) {
            List<Answer> jobs = daemon.call("jobs").views("jobs").stream()
                    .filter(job -> !job.text("state").equals("COMPLETE"))
                    .toList();
            printJobs(jobs);
        }
    }

    private void printJobs(List<Answer> unfinished) {
        if (!unfinished.isEmpty()) {
            out("");
            Transfers.jobs(unfinished).print(session.terminal());
            Transfers.printErrors(unfinished, session);
        }
    }

    private void print(Answer status) {
        out(
                "daemon",
                "bitween " + status.text("version") + ", pid " + status.text("pid") + ", up "
                        + Units.duration(status.number("uptimeSeconds")) + ", home " + status.text("home"));
        printXmpp(status.view("xmpp"));
        printEngine(status.view("engine"));
        printOutside(status.view("outside"));
        out(
                "rates",
                Units.rate(status.view("rates").number("down")) + " down, "
                        + Units.rate(status.view("rates").number("up")) + " up");
        for (Answer friend : status.view("rates").views("friends")) {
            out(
                    "",
                    friend.text("jid") + ": " + Units.rate(friend.number("down")) + " down, "
                            + Units.rate(friend.number("up")) + " up");
        }
        for (Answer limited : status.views("limits")) {
            out("", limited.text("jid") + ": " + LimitCommand.text(limited.view("limit")));
        }
        Answer disk = status.view("disk");
        String free = disk.number("freeBytes") < 0 ? "unknown space" : Units.size(disk.number("freeBytes")) + " free";
        out("disk", free + " in " + disk.text("directory"));
        printStore(StoreTrouble.lines(status.view("store"), clock()));
        if (status.has("unwatched")) {
            out("folders", status.text("unwatched"));
        }
        out("shares", Units.count(status.number("shares"), "share") + ", " + Units.count(status.number("jobs"), "job"));
        out("friends", status.text("friendsOnline") + " of " + status.text("friends") + " online");
        printLinks(status.views("links"));
        for (String jid : status.texts("pending")) {
            out("", session.command(jid + " asks to be your friend: bitween friend accept " + jid));
        }
        status.views("offers").stream()
                .filter(offer -> !offer.text("state").equals("COMING"))
                .limit(MAX_LINKS)
                .forEach(offer -> out(
                        "",
                        session.command(offer.text("jid") + " sends " + offer.text("name") + " ("
                                + Transfers.extent(offer) + "): bitween offers")));
        for (String jid : status.texts("pausedFriends")) {
            out("", session.command(jid + " is paused, nothing passes between you: bitween resume --friend " + jid));
        }
        for (Answer device : status.views("damagedBy")) {
            out("trouble", Transfers.damage(device));
        }
        for (Answer device : status.views("offenders")) {
            Transfers.offences(device, device.text("jid")).forEach(line -> out("trouble", line));
        }
        long dropped = status.view("dropped").number("stanzas");
        if (dropped > 0) {
            out("dropped", Units.count(dropped, "stanza") + " that nobody honest sends, or of strangers: see the log");
        }
        Answer messages = status.view("messages");
        if (messages.number("failed") + messages.number("lost") > 0) {
            out(
                    "trouble",
                    messages.text("failed") + " messages failed, " + messages.text("lost") + " lost: see the log");
        }
    }

    private void printStore(List<String> trouble) {
        for (int line = 0; line < trouble.size(); line++) {
            out(line == 0 ? "database" : "", session.command(trouble.get(line)));
        }
    }

    private void printLinks(List<Answer> links) {
        for (Answer link : links.subList(0, Math.min(links.size(), MAX_LINKS))) {
            out("", link.text("name") + " of " + link.text("jid") + ": " + FriendsCommand.path(link, "since", clock()));
        }
        if (links.size() > MAX_LINKS) {
            out("", session.command("and " + (links.size() - MAX_LINKS) + " more devices: bitween friends"));
        }
    }

    private void printXmpp(Answer xmpp) {
        String who = xmpp.has("jid") ? " as " + xmpp.text("jid") : "";
        String where = xmpp.has("server") ? " at " + xmpp.text("server") : "";
        String since = xmpp.instant("since")
                .map(when -> " since " + Units.time(when, clock()))
                .orElse("");
        out("xmpp", xmpp.text("state").toLowerCase(Locale.ROOT) + who + where + since);
        if (xmpp.text("state").equals("AWAY")) {
            out(
                    "",
                    session.command(
                            "friends do not see you" + (xmpp.flag("seedingStopped") ? ", and get nothing from you" : "")
                                    + ": bitween back ends it"));
        }
        printError(xmpp.view("error"));
        xmpp.instant("retryAt").ifPresent(when -> {
            long seconds = Math.max(0, Duration.between(clock().instant(), when).toSeconds());
            out("", "tries again in " + Units.duration(seconds));
        });
    }

    private void printEngine(Answer engine) {
        String port = engine.number("port") == 0 ? "does not listen" : "port " + engine.text("port");
        String backend = engine.has("backend")
                ? ", disk back-end " + engine.text("backend") + " (" + engine.text("reason") + ")"
                : "";
        out("torrent", port + backend);
        printError(engine.view("error"));
    }

    /** Where friends beyond the router reach us, and who says so. */
    private void printOutside(Answer outside) {
        Set<String> addresses = new LinkedHashSet<>(outside.texts("mapped"));
        addresses.addAll(outside.texts("seen"));
        for (String address : addresses) {
            boolean mapped = outside.texts("mapped").contains(address);
            boolean seen = outside.texts("seen").contains(address);
            out("outside", address + (mapped ? ", as the router says" : "") + (seen ? ", as friends see it" : ""));
        }
    }

    private void printError(Answer error) {
        if (error.has("message")) {
            out("", error.text("message"));
            if (!error.text("hint").isEmpty()) {
                out("", session.command(error.text("hint")));
            }
        }
    }
}
