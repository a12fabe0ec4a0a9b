package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "send",
        description = {
            "Sends a file or folder to one friend: an offer, which they get or decline, and which is gone then. Without PATH it lists what was sent.",
            "Nobody else sees it. It stays where it is, waits for who is away, and resumes."
        },
        footer = {
            "",
            "It comes by itself where they said so (bitween friend accept-files), else they are asked (bitween offers). Whether they have it, whole and verified, or do not want it, says --wait by its exit code,",
            "the list, and bitween events.",
            "With - it sends what comes from the standard input, once that has ended. That is kept in bitween's home until they have it or the offer ends, and may fill the disk but for 1 GiB or 5 %.",
            "",
            "Examples:",
            "  bitween send film.mkv bob",
            "  bitween send ~/Holiday bob --wait --timeout 3600",
            "  tar -cz src | bitween send - bob --name src.tar.gz",
            "  bitween send                  lists what was sent",
            "  bitween send --rm 3           takes it back; of what has ended, forgets it"
        })
final class SendCommand extends Command {
    private static final int LOOK_MS = 1_000;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = "the file or folder; - for the input")
    private @Nullable String path;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FRIEND",
            description = "who is to have it, by their whole name or address")
    private @Nullable String friend;

    @Option(names = "--name", paramLabel = "N", description = "what they see; the path's own name by default")
    private @Nullable String name;

    @Option(names = "--wait", description = "waits until they have it, or do not want it")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "S", description = "with --wait: for so many seconds at most")
    private long timeoutSeconds;

    @Option(names = "--rm", paramLabel = "NUMBER", description = "takes an offer back")
    private @Nullable Long removed;

    SendCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean limited = timeoutSeconds != 0;
        if (limited) {
            timeoutSeconds = Units.within("--timeout", timeoutSeconds, 1, Integer.MAX_VALUE);
        }
        if (limited && !wait) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, "--timeout limits --wait", "add --wait");
        }
        if (removed != null) {
            if (path != null || name != null || wait) {
                throw new UserException(ErrorCode.BAD_ARGUMENT, "--rm takes a number and nothing else", "");
            }
            long number = Units.within("--rm", removed, 1, Integer.MAX_VALUE);
            Answer gone = ask("send.rm", Map.of("id", number));
            session.result(gone, () -> out(what(gone) + " " + outcome(gone)));
            return ExitCodes.OK;
        }
        if (path == null) {
            Answer all = ask("sent", Map.of());
            session.result(all, () -> print(all.views("sent")));
            return ExitCodes.OK;
        }
        if (friend == null) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "nobody said to whom to send it", "bitween send '" + path + "' FRIEND");
        }
        try (ControlClient daemon = session.daemon()) {
            send(daemon, path, friend);
        }
        return ExitCodes.OK;
    }

    private void send(ControlClient daemon, String what, String whom) throws InterruptedException {
        Answer sent;
        if (what.equals("-")) {
            InputStream input = session.terminal().input();
            if (name == null || input == null) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT,
                        name == null ? "what comes from the input has no name" : "there is no input here to send",
                        name == null ? "add --name NAME" : "start it by itself: bitween send");
            }
            try (PipedFile file = PipedFile.of(input, session.home().piped())) {
                sent = add(daemon, file.path().toString(), whom, true);
                file.keep();
            }
        } else {
            sent = add(daemon, session.path(what).toString(), whom, false);
        }
        Answer share = hashed(daemon, sent);
        if (wait) {
            Answer ended = taken(daemon, sent);
            session.result(ended, () -> out(what(ended) + " " + outcome(ended)));
            return;
        }
        Answer now = daemon.call("send.wait", Map.of("id", sent.number("id"), "timeoutMs", 0));
        session.result(now, () -> {
            if (now.has("outcome")) {
                out(what(now) + " " + outcome(now));
            } else {
                out("offered to " + now.text("jid") + ": " + now.text("name") + " (" + Transfers.extent(share) + "), #"
                        + now.text("id"));
            }
        });
    }

    private Answer add(ControlClient daemon, String place, String whom, boolean piped) throws InterruptedException {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("path", place);
        params.put("friend", whom);
        params.put("name", name);
        if (piped) {
            params.put("piped", true);
        }
        return daemon.call("send.add", params);
    }

    private Answer hashed(ControlClient daemon, Answer sent) throws InterruptedException {
        Answer share = sent.view("share");
        if (!share.has("id")) {
            return share; // it has ended already
        }
        try {
            Answer hashed = Transfers.watch(
                    session,
                    daemon,
                    share,
                    0,
                    "the hashing goes on; bitween send --rm " + sent.text("id") + " stops it");
            if (Transfers.isFailed(hashed)) {
                throw failureOf(hashed);
            }
            return hashed;
        } catch (UserException e) {
            if (e.code() == ErrorCode.UNKNOWN_JOB) {
                return share; // they were as quick as that
            }
            throw e;
        }
    }

    private Answer taken(ControlClient daemon, Answer sent) throws InterruptedException {
        long begunMs = clock().millis();
        Terminal.Watch interruption = session.terminal()
                .whenInterrupted(
                        session.command("it stays offered; bitween send --rm " + sent.text("id") + " takes it back"));
        ProgressLine progress = new ProgressLine(session.terminal(), clock(), session.isJson());
        try {
            while (true) {
                Answer now = daemon.call("send.wait", Map.of("id", sent.number("id"), "timeoutMs", LOOK_MS));
                if (now.has("outcome")) {
                    failUnlessTaken(now);
                    return now;
                }
                if (timeoutSeconds > 0 && clock().millis() - begunMs >= timeoutSeconds * 1_000) {
                    throw new UserException(
                            ErrorCode.TIMED_OUT,
                            now.text("jid") + " does not have " + now.text("name") + " after " + timeoutSeconds + " s",
                            "it stays offered; bitween send --rm " + sent.text("id") + " takes it back");
                }
                progress.update(now.text("name") + "  offered to " + now.text("jid") + "  "
                        + Units.size(now.view("share").number("uploadedBytes")) + " sent");
            }
        } finally {
            interruption.close();
            progress.clear();
        }
    }

    private static void failUnlessTaken(Answer ended) {
        switch (ended.text("outcome")) {
            case "DECLINED" ->
                throw new UserException(ErrorCode.OFFER_DECLINED, what(ended) + " " + outcome(ended), "");
            case "WITHDRAWN" ->
                throw new UserException(ErrorCode.OFFER_WITHDRAWN, what(ended) + " " + outcome(ended), "");
            default -> {}
        }
    }

    private static String what(Answer sent) {
        return sent.text("name") + " for " + sent.text("jid");
    }

    private static String outcome(Answer sent) {
        return switch (sent.text("outcome")) {
            case "TAKEN" -> "is there, whole and verified";
            case "DECLINED" -> "was declined";
            case "WITHDRAWN" -> "was taken back";
            default -> "is offered";
        };
    }

    private void print(List<Answer> sent) {
        if (sent.isEmpty()) {
            advise("you sent nothing yet: bitween send PATH FRIEND");
            return;
        }
        Table table = new Table(">#", "NAME", "TO", ">SIZE", "STATE", ">UP", "SINCE");
        for (Answer each : sent) {
            Answer share = each.view("share");
            boolean seeding = share.text("state").equals("SEEDING");
            table.row(
                    each.text("id"),
                    each.text("name"),
                    each.text("jid"),
                    Transfers.size(each),
                    each.has("outcome")
                            ? each.text("outcome").toLowerCase(Locale.ROOT)
                            : seeding || !share.has("state") ? "offered" : Transfers.state(share),
                    Units.rate(share.number("uploadBytesPerSecond")),
                    each.instant("since").map(when -> Units.time(when, clock())).orElse(""));
        }
        table.print(session.terminal());
        Transfers.printErrors(
                sent.stream()
                        .filter(each -> !each.has("outcome"))
                        .map(each -> each.view("share"))
                        .toList(),
                session);
    }
}
