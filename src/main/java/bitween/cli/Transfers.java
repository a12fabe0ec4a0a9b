package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Prints shares and jobs, and watches them. The views are those of {@code transfer.get}. */
final class Transfers {
    /** Between two looks at one that is watched; each is a call of 15 µs. */
    private static final long LOOK_MS = 500;

    private Transfers() {}

    /** "WAITING_FOR_FRIEND" for people. */
    static String state(Answer transfer) {
        return switch (transfer.text("state")) {
            case "WAITING_FOR_FRIEND" -> waiting(transfer);
            case "DOWNLOADING" -> transfer.views("peers").isEmpty() ? waiting(transfer) : "downloading";
            case "QUEUED" -> transfer.has("queuePlace") ? "queued, place " + transfer.text("queuePlace") : "queued";
            case "METADATA" -> "asks for the file list";
            case "COMPLETE" ->
                transfer.has("error") && transfer.view("error").text("code").equals("PATH_MISSING")
                        ? "files are gone"
                        : "complete";
            case "HASHING" -> transfer.has("revision") ? "reads what changed" : "hashing";
            default -> transfer.text("state").toLowerCase(Locale.ROOT);
        };
    }

    private static String waiting(Answer transfer) {
        return transfer.number("holdersOnline") > 0 ? "connecting" : "waits for a friend";
    }

    static boolean isSettled(Answer transfer) {
        return List.of("COMPLETE", "SEEDING", "FAILED", "MISSING", "STALE").contains(transfer.text("state"));
    }

    static boolean isHere(Answer transfer) {
        return List.of("COMPLETE", "SEEDING").contains(transfer.text("state"));
    }

    static boolean isFailed(Answer transfer) {
        return transfer.text("state").equals("FAILED");
    }

    static boolean isPaused(Answer transfer) {
        return transfer.text("state").equals("PAUSED");
    }

    static String percent(Answer transfer) {
        return transfer.has("percent") ? Units.percent(transfer.decimal("percent")) : "-";
    }

    /** "@3", the third revision of a live share; "" of any other. */
    static String revision(Answer view) {
        return view.has("revision") ? "@" + view.text("revision") : "";
    }

    static String size(Answer view) {
        return view.has("sizeBytes") ? Units.size(view.number("sizeBytes")) : "-";
    }

    /** "203 files, 64.2 MB", as far as it is known. */
    static String extent(Answer view) {
        return view.has("files") ? Units.count(view.number("files"), "file") + ", " + size(view) : size(view);
    }

    /** " of 12 files, 3.1 GB", of a job that does not get all of a share. */
    static String ofAll(Answer job) {
        return job.has("only")
                ? " of " + Units.count(job.number("shareFiles"), "file") + ", " + Units.size(job.number("shareBytes"))
                : "";
    }

    /** "everyone, @family", or that it is for nobody but oneself. */
    static String audience(Answer share) {
        List<String> grantees = share.texts("audience");
        return grantees.isEmpty() ? "own devices" : String.join(", ", grantees);
    }

    /** "laptop of bob@example.org sent 3 damaged pieces", for people. */
    static String damage(Answer device) {
        return device.text("name") + " of " + device.text("jid") + " sent "
                + Units.count(device.number("pieces"), "damaged piece");
    }

    /** "laptop of bob@example.org chokes and unchokes all the time (3 times)": of each kind, for people; damaged pieces are said elsewhere. */
    static List<String> offences(Answer device, String jid) {
        return device.views("offences").stream()
                .filter(offence -> !offence.text("kind").equals("DAMAGED_PIECES"))
                .map(offence -> device.text("name") + " of " + jid + " " + offence.text("deed") + " ("
                        + Units.count(offence.number("times"), "time") + ")")
                .toList();
    }

    static String eta(Answer transfer) {
        return transfer.has("etaSeconds") ? Units.duration(transfer.number("etaSeconds")) : "-";
    }

    /** Each contact once, whatever the number of connections; an address where the contact is not known. */
    static String peers(Answer transfer) {
        return transfer.views("peers").stream()
                .map(peer -> peer.has("contact") ? peer.text("contact") : peer.text("address"))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** One line of progress. */
    static String line(Answer transfer) {
        StringBuilder line =
                new StringBuilder(transfer.text("name")).append("  ").append(state(transfer));
        if (transfer.has("percent")) {
            line.append("  ").append(percent(transfer));
            line.append("  ")
                    .append(Units.size(transfer.number("doneBytes")))
                    .append(" of ")
                    .append(size(transfer));
        }
        if (transfer.number("downloadBytesPerSecond") > 0) {
            line.append("  ").append(Units.rate(transfer.number("downloadBytesPerSecond")));
        }
        if (transfer.has("etaSeconds")) {
            line.append("  ").append(eta(transfer)).append(" left");
        }
        if (isPaused(transfer) && transfer.has("error")) {
            line.append("  ").append(transfer.view("error").text("message"));
        }
        String peers = peers(transfer);
        return peers.isEmpty()
                ? line.toString()
                : line.append("  from ").append(peers).toString();
    }

    /**
     * Shows how a transfer goes until nothing more happens to it by itself.
     *
     * @param limitSeconds 0: however long it takes
     * @param goesOn what is said when Ctrl-C ends the watching, which ends nothing else
     * @return the transfer at the end; not settled when the limit was reached
     */
    static Answer watch(Session session, ControlClient daemon, Answer transfer, long limitSeconds, String goesOn)
            throws InterruptedException {
        return watch(session, daemon, transfer, limitSeconds, goesOn, Transfers::isSettled);
    }

    /** Shows how a transfer goes as long as it is in this state. */
    static Answer watchWhile(Session session, ControlClient daemon, Answer transfer, String state, String goesOn)
            throws InterruptedException {
        return watch(
                session, daemon, transfer, 0, goesOn, now -> !now.text("state").equals(state));
    }

    private static Answer watch(
            Session session,
            ControlClient daemon,
            Answer transfer,
            long limitSeconds,
            String goesOn,
            Predicate<Answer> isOver)
            throws InterruptedException {
        ProgressLine progress = new ProgressLine(session.terminal(), session.clock(), session.isJson());
        Answer now = transfer;
        long begunMs = session.clock().millis();
        Terminal.Watch interruption = session.terminal().whenInterrupted(session.command(goesOn));
        try {
            while (!isOver.test(now)) {
                long leftMs = limitSeconds == 0
                        ? LOOK_MS
                        : limitSeconds * 1_000 - (session.clock().millis() - begunMs);
                if (leftMs <= 0) {
                    return now;
                }
                progress.update(line(now));
                now = daemon.call(
                        "transfer.wait", Map.of("id", transfer.number("id"), "timeoutMs", Math.min(leftMs, LOOK_MS)));
            }
            return now;
        } finally {
            interruption.close();
            progress.clear();
        }
    }

    static Table jobs(List<Answer> jobs) {
        Table table = new Table(">#", "NAME", "STATE", ">DONE", ">SIZE", ">DOWN", ">UP", ">LEFT", "FROM");
        for (Answer job : jobs) {
            table.row(
                    job.text("id"),
                    job.text("name"),
                    state(job),
                    percent(job),
                    size(job),
                    Units.rate(job.number("downloadBytesPerSecond")),
                    Units.rate(job.number("uploadBytesPerSecond")),
                    eta(job),
                    peers(job));
        }
        return table;
    }

    /** " (since 14:02, tries again in 42 s)", as far as that is known. */
    private static String when(Answer error, Clock clock) {
        List<String> known = new ArrayList<>();
        error.instant("since").ifPresent(since -> known.add("since " + Units.time(since, clock)));
        error.instant("retryAt").ifPresent(next -> {
            long seconds = Math.max(0, Duration.between(clock.instant(), next).toSeconds());
            known.add("tries again in " + Units.duration(seconds));
        });
        return known.isEmpty() ? "" : " (" + String.join(", ", known) + ")";
    }

    /** What went wrong, a line or two each. */
    static void printErrors(List<Answer> transfers, Session session) {
        Terminal terminal = session.terminal();
        for (Answer transfer : transfers) {
            if (transfer.has("error")) {
                Answer error = transfer.view("error");
                terminal.out(transfer.text("name") + ": " + error.text("message") + when(error, session.clock()));
                if (!error.text("hint").isEmpty()) {
                    terminal.out("  " + session.command(error.text("hint")));
                }
            }
        }
    }
}
