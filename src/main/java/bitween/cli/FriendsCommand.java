package bitween.cli;

import bitween.control.client.Answer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "friends",
        description = "Lists friends with their devices, who asks to be one, and who is blocked.",
        footer = {"", "Examples:", "  bitween friends", "  bitween friends --json"})
final class FriendsCommand extends Command {
    /** Digits of an id that tell one person's devices apart. */
    private static final int BRIEF = 8;

    @Option(
            names = {"-v", "--verbose"},
            description = "also shows each device's id, by which it is known beyond doubt")
    private boolean verbose;

    FriendsCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = ask("friends", Map.of());
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    private void print(Answer answer) {
        String notes =
                answer.views("friends").stream().map(FriendsCommand::notes).collect(Collectors.joining());
        Table table = new Table(
                "FRIEND",
                "NAME",
                "ONLINE",
                "LAST SEEN",
                ">DOWN",
                ">UP",
                ">SHARES",
                "DEVICE",
                "ADDRESSES",
                notes.isEmpty() ? "" : "NOTE");
        answer.views("friends").forEach(friend -> addRows(table, friend));
        if (!table.isEmpty()) {
            table.print(session.terminal());
        }
        if (answer.views("friends").stream().allMatch(friend -> friend.flag("self"))) {
            advise("no friends yet: bitween friend add name@example.org");
        }
        for (Answer friend : answer.views("friends")) {
            friend.views("devices").stream()
                    .filter(device -> device.has("held"))
                    .forEach(device -> advise(device.text("name") + " of " + friend.text("jid") + " is held: "
                            + device.text("held") + remedy(friend, device)));
        }
        for (Answer friend : answer.views("friends")) {
            friend.views("devices").stream()
                    .filter(device -> device.number("damagedPieces") > 0)
                    .forEach(device -> advise(device.text("name") + " of " + friend.text("jid") + " sent "
                            + Units.count(device.number("damagedPieces"), "damaged piece")
                            + ": bitween info NAME says of what"));
        }
        for (Answer friend : answer.views("friends")) {
            friend.views("devices").stream()
                    .flatMap(device -> Transfers.offences(device, friend.text("jid")).stream())
                    .forEach(line -> advise(
                            line + "; no bitween does that: see the log, or bitween block " + friend.text("jid")));
        }
        for (Answer friend : verbose ? answer.views("friends") : List.<Answer>of()) {
            friend.views("devices")
                    .forEach(device -> out(device.text("name") + " of " + friend.text("jid") + ": "
                            + Units.groups(device.text("id"))));
        }
        for (String jid : answer.texts("pending")) {
            advise(jid + " asks to be your friend: bitween friend accept " + jid);
        }
        for (String jid : answer.texts("blocked")) {
            advise(jid + " is blocked: bitween unblock " + jid + " ends it");
        }
    }

    private void addRows(Table table, Answer friend) {
        List<Answer> devices = friend.views("devices");
        Optional<Answer> first = devices.stream().findFirst();
        table.row(
                friend.text("jid"),
                friend.text("name"),
                online(friend),
                friend.flag("available")
                        ? "now"
                        : friend.instant("lastSeen")
                                .map(when -> Units.time(when, clock()))
                                .orElse("-"),
                rate(friend, "downloadBytesPerSecond"),
                rate(friend, "uploadBytesPerSecond"),
                friend.text("shares"),
                first.map(device -> device(friend, device)).orElse("-"),
                first.map(FriendsCommand::addresses).orElse(""),
                session.command(notes(friend)));
        devices.stream()
                .skip(1)
                .forEach(
                        device -> table.row("", "", "", "", "", "", "", device(friend, device), addresses(device), ""));
    }

    private static String rate(Answer friend, String key) {
        return friend.number(key) == 0 ? "-" : Units.rate(friend.number(key));
    }

    private static String online(Answer friend) {
        if (friend.flag("online")) {
            return "yes";
        }
        if (!friend.flag("available")) {
            return "no";
        }
        return friend.views("devices").stream().anyMatch(device -> device.has("held"))
                ? "held"
                : friend.flag("self") ? "here" : "no bitween";
    }

    /** What to do about a device that is held; a reason that says it itself needs no more. */
    private static String remedy(Answer friend, Answer device) {
        return device.text("held").contains("bitween ")
                ? ""
                : "; compare the words: bitween verify " + friend.text("jid") + ", then: bitween trust "
                        + friend.text("jid") + " " + device.text("id").substring(0, BRIEF);
    }

    private String device(Answer friend, Answer device) {
        if (!device.has("path")) {
            boolean held = device.has("held") && friend.flag("available");
            return device.text("name") + (device.flag("online") ? "" : held ? " (held)" : " (away)");
        }
        return device.text("name") + " (" + path(device, "pathSince", clock()) + ")";
    }

    /** How bytes reach the device that {@code linked} is about, and since when. */
    static String path(Answer linked, String sinceKey, Clock clock) {
        String path = linked.text("path").equals("DIRECT") ? "direct" : "in-band";
        return path
                + linked.instant(sinceKey)
                        .map(when -> " since " + Units.time(when, clock))
                        .orElse("");
    }

    private static String addresses(Answer device) {
        return String.join(" ", device.texts("addresses"));
    }

    private static String notes(Answer friend) {
        return Stream.of(
                        note(friend),
                        friend.flag("paused") ? "paused" : "",
                        friend.has("limit") ? LimitCommand.text(friend.view("limit")) : "")
                .filter(note -> !note.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String note(Answer friend) {
        if (friend.flag("self")) {
            return "your own";
        }
        if (friend.flag("asked")) {
            return "has not answered yet";
        }
        return switch (friend.text("subscription")) {
            case "TO" -> "does not see you: they have to add you";
            case "FROM", "NONE" -> "you do not see them: bitween friend add " + friend.text("jid");
            default -> "";
        };
    }
}
