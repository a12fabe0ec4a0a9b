package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "get",
        description = "Gets what a friend shares, from them and from friends of yours who get it at the same time.",
        footer = {
            "",
            "What you get is yours alone, unless you share it on, or its owner allows that and sharing.audience says with whom: then it is in the list",
            "of your shares as soon as it is here.",
            "Of a file or folder in a share, or with --only, the rest does not come, and is not on the disk. What you get of one share is together in one",
            "folder, as its owner has it; get more of it, or all, when you like: what is here is not asked for again.",
            "A pattern has *, ? and, for any folders, **; with a / in it it is a path, else a name anywhere. A folder stands for all that is in it.",
            "What you have, or get, already under another name is not got again, unless you say --to where.",
            "Of a live folder that you have got before, what is new comes into the same place, unless you say --to where: what you changed yourself stays beside",
            "it as 'name (yours)', and what its owner removed stays, too. See bitween follow for having that done by itself.",
            "What stands already where it is to go is used: only what is missing or wrong is downloaded, and nothing of yours is overwritten by something else.",
            "With - after it, one file is written to the standard output for other programs, in order, while it comes: each piece once it is verified. It also stays",
            "where it is, and goes on coming when nobody reads the rest (exit code 141). What was changed there since is an error.",
            "Without --wait it returns once the job is stored; the daemon goes on, also after a restart.",
            "",
            "Examples:",
            "  bitween get alice/Music",
            "  bitween get alice/Music --to ~/Music --wait",
            "  bitween get alice/Photos/2024",
            "  bitween get alice/Notes@3        a former revision of a live folder, while somebody holds it",
            "  bitween get alice/Film/Extras/one.mkv --wait",
            "  bitween get alice/Backups/home.tar - | tar t",
            "  bitween get alice/Film/Film.mkv - | mpv -",
            "  bitween get alice/Music --only '*.flac' --only 'Covers/**/front.*'",
            "  bitween get alice/Music --reshare-to @family",
            "  bitween get 0123456789abcdef0123456789abcdef01234567",
            "  bitween get 'magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567' --wait --timeout 600"
        })
final class GetCommand extends Command {
    private static final String GOES_ON = "the job goes on; bitween jobs shows how far it is";

    @Parameters(
            index = "0",
            paramLabel = "WHAT",
            description = "FRIEND/SHARE, a file or folder in it, an info-hash, or a magnet link")
    private String what = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "-",
            description = "writes the file to the standard output, while it comes and each piece once it is verified")
    private @Nullable String output;

    @Option(names = "--to", paramLabel = "DIR", description = "the folder to put it into")
    private @Nullable String to;

    @Option(
            names = "--only",
            paramLabel = "GLOB",
            description = "gets only the files and folders that fit; may be repeated")
    private List<String> only = List.of();

    @Option(
            names = "--priority",
            paramLabel = "PRIORITY",
            description = "high, normal or low: which jobs download first")
    private @Nullable String priority;

    @Option(names = "--reshare", description = "shares it on once it is here, with whom sharing.audience says")
    private boolean reshare;

    @Option(names = "--no-reshare", description = "does not share it on, even if its owner allows it")
    private boolean noReshare;

    @Option(
            names = "--reshare-to",
            paramLabel = "WHO",
            description =
                    "shares it on with everyone, @GROUP or a friend, by their whole name or address; may be repeated")
    private List<String> reshareTo = List.of();

    @Option(names = "--wait", description = "returns when every byte is here and verified")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "S", description = "with --wait: gives up waiting after so many seconds")
    private @Nullable Integer timeout;

    /** 0: none. */
    private int timeoutSeconds;

    GetCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (timeout != null) {
            timeoutSeconds = (int) Units.within("--timeout", timeout, 1, Integer.MAX_VALUE);
        }
        requireSingle();
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("ref", what);
        params.put("to", to == null ? null : session.path(to).toString());
        if (output != null) {
            params.put("single", true);
        }
        if (!only.isEmpty()) {
            params.put("only", only);
        }
        if (priority != null) {
            params.put("priority", priority);
        }
        if (reshare || noReshare) {
            params.put("reshare", !noReshare);
        }
        if (!reshareTo.isEmpty()) {
            params.put("reshareTo", reshareTo);
        }
        try (ControlClient daemon = session.daemon()) {
            Answer answer = daemon.call("job.get", params);
            Answer stored = answer.view("transfer");
            boolean here = Transfers.isHere(stored);
            if (output != null) {
                return write(daemon, stored, answer.text("path"));
            }
            if (!wait || here) {
                session.result(answer, () -> printStored(answer, stored, here));
                return ExitCodes.OK;
            }
            Answer job = Transfers.watch(session, daemon, stored, timeoutSeconds, GOES_ON);
            failUnlessHere(job);
            Map<String, @Nullable Object> result = new LinkedHashMap<>(answer.fields());
            result.put("transfer", job.fields());
            session.result(new Answer(result), () -> printHere(job, answer.view("share")));
        }
        return ExitCodes.OK;
    }

    private void requireSingle() {
        if (output == null) {
            return;
        }
        if (!output.equals("-")) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + output + "' is one argument too many",
                    "the folder to put it into is said with --to; - writes a file to the standard output");
        }
        if (!only.isEmpty() || session.isJson()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "- writes one file, and nothing else", "leave --only and --json out");
        }
    }

    private Integer write(ControlClient daemon, Answer stored, String path) throws InterruptedException {
        if (Transfers.isFailed(stored)) {
            throw failureOf(stored);
        }
        String rest =
                "the job goes on; bitween jobs shows how far it is, bitween rm '#" + stored.text("id") + "' forgets it";
        FileStream file = new FileStream(session, daemon, stored, path, timeoutSeconds, rest);
        if (session.whileRead(file::write) == ExitCodes.NOT_READ) {
            session.terminal().err("bitween: nobody reads the rest");
            session.terminal()
                    .err("  " + session.command(Transfers.isHere(stored) ? "the file stays where it is" : rest));
            return ExitCodes.NOT_READ;
        }
        Answer job = daemon.call("transfer.get", Map.of("name", "#" + stored.text("id")));
        if (job.number("files")
                == 1) { // all of it came: what is left is to compare it as a whole, and to put it in its place
            failUnlessHere(Transfers.watch(session, daemon, job, timeoutSeconds, GOES_ON));
        }
        return ExitCodes.OK;
    }

    private void failUnlessHere(Answer job) {
        if (Transfers.isFailed(job)) {
            throw failureOf(job);
        }
        if (!Transfers.isHere(job)) {
            throw new UserException(
                    ErrorCode.TIMED_OUT,
                    job.text("name") + " is not here after " + timeoutSeconds + " s: " + Transfers.state(job),
                    GOES_ON);
        }
    }

    private void printStored(Answer answer, Answer job, boolean here) {
        if (here) {
            advise("already here: " + job.text("place") + elsewhere(job));
            printSameContent(answer);
            return;
        }
        String number = "#" + job.text("id") + " " + job.text("name");
        if (answer.flag("known")) {
            advise("already on its way: #" + job.text("id") + " " + Transfers.line(job) + elsewhere(job));
            printSameContent(answer);
        } else {
            out(
                    answer.flag("updates")
                            ? "job stored: " + number + updates(job, answer.view("share"))
                            : "job stored: " + number + toWhere(job, answer.view("share")));
            if (!job.texts("audience").isEmpty()) {
                out("once it is here it is shared on with " + Transfers.audience(job)
                        + ", and is in bitween shares; bitween rm deletes it");
            }
        }
        List<Answer> holders = answer.views("holders");
        if (Transfers.isPaused(job)) {
            Transfers.printErrors(List.of(job), session);
        } else if (holders.isEmpty()) {
            out("no friend shares it at the moment: the job waits until one does");
        } else if (holders.stream().noneMatch(holder -> holder.flag("online"))) {
            out("who has it is offline: the job waits until they are back");
        } else if (holders.stream().noneMatch(holder -> holder.flag("online") && !holder.flag("unavailable"))) {
            out(
                    "it is unavailable at the moment (its owner paused it, or the files changed or are away): the job waits until it is back");
        } else {
            advise("bitween jobs shows how far it is");
        }
    }

    private void printSameContent(Answer answer) {
        if (answer.flag("sameContent")) {
            out("its content is that of " + what + ", whatever the names; to get it once more under those: --to DIR");
        }
    }

    private String updates(Answer job, Answer listed) {
        Answer known = job.has("files") ? job : listed;
        return (known.has("files") ? " (" + Transfers.extent(known) + ")" : "") + " brings " + job.text("place")
                + " up to date; what you changed there stays beside it";
    }

    /** Until the metadata is here, the job knows neither its size nor under which name it will stand; the friend's list knows the size. */
    private static String toWhere(Answer job, Answer listed) {
        if (job.has("files")) {
            return " (" + Transfers.extent(job) + Transfers.ofAll(job) + ") to " + job.text("place");
        }
        if (job.has("only")) {
            return ", of it only " + String.join(", ", job.texts("only"));
        }
        String folder = job.text("place").replaceFirst("/[^/]*$", "");
        return (listed.has("files") ? " (" + Transfers.extent(listed) + ")" : "") + " into " + folder;
    }

    /** That {@code --to} comes too late. */
    private String elsewhere(Answer job) {
        return to == null || job.text("place").startsWith(session.path(to) + "/")
                ? ""
                : "; --to changes nothing, bitween rm forgets it first";
    }

    private void printHere(Answer job, Answer listed) {
        out(job.text("name") + " is here, verified: " + job.text("place") + " (" + Transfers.extent(job)
                + Transfers.ofAll(job) + ")");
        if (listed.has("name") && job.text("name").startsWith(listed.text("name") + " (")) {
            out("another " + listed.text("name") + " stood there before, hence the number");
        }
    }
}
