package bitween.cli;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "follow",
        description = {
            "Follows what a friend shares under a name: whenever there is something new in it, you are told, and with --auto it comes by itself; without a name it lists what you follow.",
            "What comes takes the place of what came before: only what is new or changed travels. What you changed yourself stays beside it, as 'name (yours)'."
        },
        footer = {
            "",
            "A share that is not there yet can be followed, too: it begins when your friend shares something of that name.",
            "What you delete comes again with the next revision, as long as your friend has it; --only says what is wanted, and the rest does not come.",
            "What you share on is replaced, too, and shared on with the same people; with --only or --new-only it stays, and what is new comes beside it.",
            "Followed again, other options take the place of those before. To end it: bitween unfollow FRIEND/SHARE.",
            "",
            "Examples:",
            "  bitween follow alice/Gardening --auto",
            "  bitween follow alice/Gardening --auto --new-only --max 2G --notify",
            "  bitween follow alice/Photos --auto --only '*.jpg' --mirror --to ~/Pictures",
            "  bitween follow alice/Music            tells what is new; bitween get alice/Music gets it",
            "  bitween follow                        lists what you follow"
        })
final class FollowCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "FRIEND/SHARE", description = "what to follow")
    private @Nullable String what;

    @Option(names = "--auto", description = "gets what is new by itself")
    private boolean auto;

    @Option(names = "--new-only", description = "does not get the files that are there now, only what comes later")
    private boolean newOnly;

    @Option(
            names = "--only",
            paramLabel = "GLOB",
            description = "gets only the files and folders that fit; may be repeated")
    private List<String> only = List.of();

    @Option(
            names = "--max",
            paramLabel = "SIZE",
            description = "when more than that would come, it waits for bitween get, and you are told")
    private @Nullable String max;

    @Option(names = "--keep", description = "files that your friend removes stay here; that is usual")
    private boolean keep;

    @Option(names = "--mirror", description = "files that your friend removes go here, too, unless you changed them")
    private boolean mirror;

    @Option(names = "--notify", description = "sends a chat message to your own address when it is here")
    private boolean notify;

    @Option(names = "--no-notify", description = "sends none, whatever follow.notify in bitween.toml says")
    private boolean noNotify;

    @Option(names = "--to", paramLabel = "DIR", description = "the folder to put it into the first time")
    private @Nullable String to;

    FollowCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (keep && mirror) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, "--keep and --mirror exclude each other", "");
        }
        if (notify && noNotify) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, "--notify and --no-notify exclude each other", "");
        }
        if (what == null) {
            if (auto
                    || newOnly
                    || !only.isEmpty()
                    || max != null
                    || keep
                    || mirror
                    || notify
                    || noNotify
                    || to != null) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT,
                        "nobody said what to follow",
                        "such as: bitween follow alice/Gardening --auto");
            }
            Answer all = ask("follows", Map.of());
            session.result(all, () -> print(all.views("follows")));
            return ExitCodes.OK;
        }
        Answer followed = ask("follow.add", params(what));
        session.result(followed, () -> {
            advise(
                    followed.flag("auto")
                            ? "you follow " + followed.text("title") + ": what is new comes by itself"
                            : "you follow " + followed.text("title") + ": what is new is told by bitween events");
            advise(sentence(followed));
        });
        return ExitCodes.OK;
    }

    private Map<String, @Nullable Object> params(String reference) {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("ref", reference);
        params.put("auto", auto);
        params.put("newOnly", newOnly);
        params.put("mirror", mirror);
        if (notify || noNotify) {
            params.put("notify", notify);
        }
        if (!only.isEmpty()) {
            params.put("only", only);
        }
        if (max != null) {
            long bytes = Units.bytes(max);
            if (bytes < 1) {
                throw new UserException(ErrorCode.BAD_ARGUMENT, "--max is at least one byte", "such as --max 2G");
            }
            params.put("maxBytes", bytes);
        }
        if (to != null) {
            params.put("to", session.path(to).toString());
        }
        return params;
    }

    /** What becomes of it now. */
    private static String sentence(Answer followed) {
        Answer newest = followed.view("newest");
        String friend = followed.text("jid");
        if (isWithdrawn(followed)) {
            return friend + " does not share it any more: it goes on when something is called '"
                    + followed.text("share") + "' again";
        }
        return switch (followed.text("state")) {
            case "WAITING" ->
                "it begins when " + friend + " shares something called '" + followed.text("share") + "'"
                        + instead(followed);
            case "READY" ->
                followed.flag("newOnly")
                        ? "what is there now does not come; what comes later does"
                        : "what is there now is here already";
            case "GETTING" -> "it is on its way: bitween jobs shows how far";
            case "STOPPED" -> "it does not go on: " + followed.text("reason");
            default ->
                followed.flag("auto")
                        ? "there is " + Transfers.extent(newest) + " now"
                                + (followed.flag("online") ? "" : "; it comes when " + friend + " is online")
                        : "there is " + Transfers.extent(newest) + " now: bitween get '" + followed.text("title") + "'";
        };
    }

    /** A daemon of before does not tell. */
    private static boolean isWithdrawn(Answer followed) {
        return followed.has("offered")
                && !followed.flag("offered")
                && followed.view("newest").has("hash");
    }

    /** What the friend shares may be meant. */
    private static String instead(Answer followed) {
        List<String> near = followed.texts("near");
        String title = followed.text("title");
        return near.isEmpty()
                ? ""
                : "; did you mean '" + String.join("' or '", near) + "'? bitween unfollow '" + title
                        + "' takes this back";
    }

    private void print(List<Answer> follows) {
        if (follows.isEmpty()) {
            advise("you follow nothing; bitween follow FRIEND/SHARE does");
            return;
        }
        Table table = new Table("WHAT", "THEN", "STATE", ">NEWEST");
        follows.forEach(each ->
                table.row(each.text("title"), then(each), session.command(state(each)), newest(each.view("newest"))));
        table.print(session.terminal());
    }

    private static String then(Answer followed) {
        StringBuilder then = new StringBuilder(followed.flag("auto") ? "get" : "tell");
        List<String> only = followed.texts("only");
        if (followed.flag("newOnly")) {
            then.append(", new ones");
        }
        if (!only.isEmpty()) {
            then.append(", ").append(String.join(" ", only));
        }
        if (followed.has("maxBytes")) {
            then.append(", to ").append(Units.size(followed.number("maxBytes")));
        }
        if (followed.flag("mirror")) {
            then.append(", mirror");
        }
        return then.toString();
    }

    private static String state(Answer followed) {
        Answer transfer = followed.view("transfer");
        String get = "bitween get '" + followed.text("title") + "'";
        return switch (followed.text("state")) {
            case "WAITING" -> "not shared yet";
            case "READY" -> isWithdrawn(followed) ? "not shared any more" : "up to date";
            case "HELD" -> isWithdrawn(followed) ? "not shared any more" : "too large to come by itself: " + get;
            case "GETTING" -> "coming " + Transfers.percent(transfer);
            case "STOPPED" -> "stopped: " + followed.text("reason");
            default ->
                isWithdrawn(followed)
                        ? "not shared any more"
                        : followed.flag("auto")
                                ? followed.flag("online") ? "soon" : "when your friend is online"
                                : "new: " + get;
        };
    }

    private static String newest(Answer newest) {
        if (!newest.has("hash")) {
            return "-";
        }
        String number = Transfers.revision(newest);
        return (number.isEmpty() ? "" : number + ", ") + Transfers.extent(newest);
    }
}
