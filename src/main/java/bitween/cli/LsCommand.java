package bitween.cli;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "ls",
        description = "Lists what friends share. Of friends who are away it shows the last list, and says from when.",
        footer = {
            "",
            "Examples:",
            "  bitween ls                        friends who share something",
            "  bitween ls alice                  what alice shares",
            "  bitween ls alice/Music            what is in it",
            "  bitween ls alice/Music/Live --tree",
            "  bitween ls -l                     what all share, by info-hash, and who has it"
        })
final class LsCommand extends Command {
    /** Its files changed, or are away; it stays in the list. */
    private static final String UNAVAILABLE = " (unavailable at the moment)";

    @Parameters(paramLabel = "FRIEND[/SHARE[/DIR]]", arity = "0..1", description = "where to look")
    private @Nullable String path;

    @Option(names = "--tree", description = "shows all that is in FRIEND/SHARE or below DIR, as a tree")
    private boolean tree;

    @Option(
            names = {"-l", "--by-hash"},
            description =
                    "lists each content once with all who have it, under whatever names; of all friends, or of what FRIEND has")
    private boolean byHash;

    LsCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (byHash) {
            if (tree || isInShare()) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT,
                        "--by-hash lists shares, not what is in one",
                        "name a friend, or nobody");
            }
            Map<String, @Nullable Object> params = new HashMap<>();
            params.put("friend", path == null ? null : path.replaceFirst("/$", ""));
            Answer answer = ask("hashes", params);
            session.result(answer, () -> printHashes(answer));
            return ExitCodes.OK;
        }
        if (tree && !isInShare()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "--tree shows what is in a share, and none is named",
                    "name one, such as: bitween ls alice/Music --tree");
        }
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("path", path);
        params.put("deep", tree);
        Answer answer = ask("ls", params);
        session.result(answer, () -> {
            switch (answer.text("kind")) {
                case "friends" -> printFriends(answer.views("friends"));
                case "shares" -> printShares(answer.view("friend"), answer.views("shares"));
                default -> printFiles(answer);
            }
        });
        return ExitCodes.OK;
    }

    private boolean isInShare() {
        return path != null && path.replaceFirst("/+$", "").indexOf('/') >= 0;
    }

    private void printHashes(Answer answer) {
        Table table = new Table("INFO-HASH", ">SIZE", ">FILES", "NAME", "WHO");
        for (Answer share : answer.views("shares")) {
            table.row(
                    share.text("hash"),
                    Transfers.size(share),
                    share.text("files"),
                    share.text("name"),
                    who(share.views("holders")) + (share.flag("here") ? "; you" : ""));
        }
        if (table.isEmpty()) {
            advise("no friend shares anything that you can see; bitween friends shows who is online");
        } else {
            table.print(session.terminal());
        }
        if (answer.number("more") > 0) {
            out("and " + answer.number("more") + " more: name a friend");
        }
    }

    /** Each friend once, and how they call it if not so; away when none of those devices is online. */
    static String who(List<Answer> holders) {
        Map<String, Boolean> online = new LinkedHashMap<>();
        holders.forEach(holder -> online.merge(
                holder.text("jid")
                        + (holder.has("copy") ? " as " + holder.text("copy") : "")
                        + (holder.flag("unavailable") ? UNAVAILABLE : ""),
                holder.flag("online"),
                Boolean::logicalOr));
        return online.entrySet().stream()
                .map(friend -> friend.getKey() + (friend.getValue() ? "" : " (away)"))
                .collect(Collectors.joining(", "));
    }

    private void printFriends(List<Answer> friends) {
        Table table = new Table("FRIEND", "ONLINE", ">SHARES", ">SIZE", "LIST");
        for (Answer friend : friends) {
            if (friend.number("shares") > 0) {
                table.row(
                        friend.text("jid"),
                        friend.flag("online") ? "yes" : "no",
                        friend.text("shares"),
                        Transfers.size(friend),
                        age(friend));
            }
        }
        if (table.isEmpty()) {
            advise("no friend shares anything that you can see; bitween friends shows who is online");
        } else {
            table.print(session.terminal());
        }
    }

    private void printShares(Answer friend, List<Answer> shares) {
        if (!friend.flag("online")) {
            out(friend.text("jid") + " is offline; " + age(friend));
        }
        if (shares.isEmpty()) {
            out(friend.text("jid") + " shares nothing that you can see");
            return;
        }
        Table table = new Table("NAME", "?REVISION", ">SIZE", ">FILES", "ON", "INFO-HASH");
        for (Answer share : shares) {
            table.row(
                    share.text("name"),
                    Transfers.revision(share),
                    Transfers.size(share),
                    share.text("files"),
                    share.views("devices").stream()
                            .map(device -> device.text("name")
                                    + (device.flag("unavailable") ? UNAVAILABLE : "")
                                    + (device.flag("online") ? "" : " (away)"))
                            .collect(Collectors.joining(", ")),
                    share.text("hash"));
        }
        table.print(session.terminal());
        if (shares.stream()
                .flatMap(share -> share.views("devices").stream())
                .anyMatch(device -> device.flag("unavailable"))) {
            out(
                    "unavailable at the moment: its owner paused it, or the files changed or are away; get waits until they are back");
        }
    }

    private String age(Answer listed) {
        return listed.instant("fetched")
                .map(when -> "list from " + Units.time(when, clock()))
                .orElse("no list yet");
    }

    private void printFiles(Answer answer) {
        Answer share = answer.view("share");
        List<String> below = answer.texts("path");
        Answer listed = answer.has("at") && !below.isEmpty() ? answer.view("at") : share;
        String place = share.text("friend") + "/" + share.text("name");
        out(String.join("/", Stream.concat(Stream.of(place), below.stream()).toList()) + ": "
                + Transfers.extent(listed));
        if (!answer.view("friend").flag("online")) {
            out(share.text("friend") + " is offline; " + age(share));
        }
        List<Answer> entries = answer.views("entries");
        if (tree) {
            new FileLines(entries, below.size()).print(session.terminal());
        } else {
            printEntries(entries);
        }
        if (answer.number("more") > 0) {
            out("and " + answer.number("more") + " more: name a folder in it");
        }
    }

    private void printEntries(List<Answer> entries) {
        Table table = new Table("NAME", ">SIZE", ">FILES", "?PRIORITY");
        for (Answer entry : entries) {
            boolean folder = entry.text("kind").equals("folder");
            table.row(
                    entry.text("name") + (folder ? "/" : ""),
                    Transfers.size(entry),
                    entry.text("files"),
                    entry.has("priority") ? entry.text("priority").toLowerCase(Locale.ROOT) : "");
        }
        if (table.isEmpty()) {
            out("nothing is in it");
        } else {
            table.print(session.terminal());
        }
    }
}
