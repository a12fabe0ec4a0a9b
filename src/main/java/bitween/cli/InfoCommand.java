package bitween.cli;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "info",
        description = "Shows one of your shares or jobs, or a friend's share, in full; or where a file came from.",
        footer = {
            "",
            "Of a file on your disk it tells from whom it came, when, and with which hash, also when its job is long forgotten, and when it was moved or renamed.",
            "A path that begins with / or . is always a file; else shares and jobs come first.",
            "",
            "Examples:",
            "  bitween info Music",
            "  bitween info '#3'",
            "  bitween info alice/Music",
            "  bitween info ~/Downloads/bitween/Music/Live/encore.flac"
        })
final class InfoCommand extends Command {
    @Parameters(
            paramLabel = "NAME",
            description = "its name, #number or info-hash; FRIEND/SHARE for a friend's; a path for a file")
    private String name = "";

    InfoCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (name.startsWith("/") || name.startsWith(".")) {
            return origin();
        }
        Answer answer;
        try {
            answer = ask("info", Map.of("name", name));
        } catch (UserException e) {
            if (ExitCodes.of(e.code()) == ExitCodes.NOT_FOUND && Files.exists(session.path(name))) {
                return origin();
            }
            throw e;
        }
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    private Integer origin() throws InterruptedException {
        Path file = session.path(name);
        Answer answer;
        try {
            answer = ask("origin", Map.of("path", file.toString()));
        } catch (UserException e) {
            if (e.code() != ErrorCode.UNKNOWN_FILE || !Files.isRegularFile(file)) {
                throw e;
            }
            answer = ask("origin", Map.of("path", file.toString(), "sha256", Sha256File.of(file)));
        }
        Answer found = answer;
        session.result(found, () -> printOrigins(found));
        return ExitCodes.OK;
    }

    private void printOrigins(Answer answer) {
        // of a file that stayed as it was through many revisions only the info-hash of each is another
        Map<Object, List<Answer>> alike = new LinkedHashMap<>();
        for (Answer origin : answer.views("origins")) {
            Map<String, @Nullable Object> rest = new HashMap<>(origin.fields());
            rest.keySet().removeAll(Set.of("hash", "finished"));
            alike.computeIfAbsent(rest, unused -> new ArrayList<>()).add(origin);
        }
        boolean first = true;
        for (List<Answer> origins : alike.values()) {
            if (!first) {
                out("");
            }
            first = false;
            Answer origin = origins.get(0);
            List<Answer> from = origin.views("from");
            out("name", origin.text("place").replaceFirst("^.*/", ""));
            out("size", Units.size(origin.number("sizeBytes")));
            out(
                    "from",
                    from.isEmpty()
                            ? "not known any more"
                            : from.stream()
                                    .map(device -> device.text("jid") + " (" + device.text("name") + ")")
                                    .collect(Collectors.joining(", ")));
            out(
                    "share",
                    String.join(
                            "/",
                            Stream.concat(Stream.of(origin.text("share")), origin.texts("path").stream())
                                    .toList()));
            out("came", time(origin, "finished"));
            out("sha-256", origin.has("sha256") ? origin.text("sha256") : "-");
            out("info-hash", origin.text("hash"));
            origins.stream()
                    .skip(1)
                    .forEach(other -> out("", other.text("hash") + ", which came " + time(other, "finished")));
            if (answer.flag("moved")) {
                out("came as", origin.text("place"));
            }
        }
    }

    private void print(Answer answer) {
        Answer transfer = answer.view("transfer");
        Answer known = answer.has("transfer") ? transfer : answer.view("share");
        out("name", known.text("name"));
        out("size", Transfers.extent(known) + Transfers.ofAll(known));
        if (known.has("only")) {
            out("only", String.join(", ", known.texts("only")));
        }
        if (known.has("revision")) {
            out("revision", known.text("revision") + " of a live share");
        }
        if (answer.has("transfer")) {
            printState(transfer);
        } else {
            out("state", session.command("not here: bitween get " + name));
        }
        out("info-hash", known.has("hash") ? known.text("hash") : "-");
        out("content id", known.has("contentId") ? known.text("contentId") : "-");
        out("magnet", known.has("magnet") ? known.text("magnet") : "-");
        printHolders(answer.views("holders"));
        printPeers(transfer.views("peers"));
        for (Answer device : transfer.views("damagedBy")) {
            out(Transfers.damage(device) + ", and is not asked for it again until the daemon starts anew;");
            out("tell them: their disk or memory may be failing, and sharing it again may help");
        }
        Transfers.printErrors(List.of(transfer), session);
    }

    private void printState(Answer transfer) {
        if (transfer.has("limit")) {
            out("limit", LimitCommand.text(transfer.view("limit")));
        }
        String kind = transfer.text("kind").equals("SHARE") ? "share" : "job";
        out(kind, "#" + transfer.text("id") + " since " + time(transfer, "since"));
        String progress = transfer.has("percent") && !Transfers.isSettled(transfer)
                ? ", " + Transfers.percent(transfer) + " (" + Units.size(transfer.number("doneBytes")) + ")"
                : "";
        out("state", Transfers.state(transfer) + progress);
        if (transfer.has("priority") && !transfer.text("priority").equals("NORMAL") && !Transfers.isSettled(transfer)) {
            out("priority", transfer.text("priority").toLowerCase(Locale.ROOT));
        }
        if (!Transfers.isSettled(transfer)) {
            for (Answer rule : transfer.views("filePriorities")) {
                out("files", rule.text("priority").toLowerCase(Locale.ROOT) + ": " + rule.text("what"));
            }
        }
        if (transfer.has("audience")) {
            out("for", Transfers.audience(transfer));
        }
        out("place", transfer.text("place"));
        if (transfer.has("finished")) {
            out("finished", time(transfer, "finished"));
        }
        out(
                "rates",
                Units.rate(transfer.number("downloadBytesPerSecond")) + " down, "
                        + Units.rate(transfer.number("uploadBytesPerSecond")) + " up, "
                        + Units.size(transfer.number("uploadedBytes")) + " uploaded so far");
        if (transfer.has("etaSeconds")) {
            out("left", Transfers.eta(transfer));
        }
    }

    private String time(Answer transfer, String key) {
        return transfer.instant(key).map(when -> Units.time(when, clock())).orElse("-");
    }

    /** With ids, by which two people can see that they speak of the same device. */
    private void printHolders(List<Answer> holders) {
        String label = "shared by";
        for (Answer holder : holders) {
            out(
                    label,
                    holder.text("jid") + " (" + holder.text("name")
                            + (holder.flag("online") ? ", online)" : ", away)")
                            + (holder.flag("unavailable")
                                    ? ", unavailable at the moment: paused there, or the files changed or are away"
                                    : "")
                            + (holder.has("copy") ? ", a copy: " + holder.text("copy") : ""));
            out("", Units.groups(holder.text("id")));
            label = "";
        }
    }

    private void printPeers(List<Answer> peers) {
        if (peers.isEmpty()) {
            return;
        }
        Table table = new Table("PEER", "DEVICE", "ADDRESS", ">DOWN", ">UP");
        for (Answer peer : peers) {
            table.row(
                    peer.has("contact") ? peer.text("contact") : "?",
                    peer.has("device") ? peer.text("device") : "?",
                    peer.has("address") ? peer.text("address") : "in-band",
                    Units.rate(peer.number("down")),
                    Units.rate(peer.number("up")));
        }
        table.print(session.terminal());
    }
}
