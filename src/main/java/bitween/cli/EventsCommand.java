package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.Typos;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "events",
        description = "Shows what happened since the daemon started, or follows what happens.",
        footer = {
            "",
            "With --follow and --json each event is one JSON object on a line of its own. Each has number, at and event; the rest",
            "depends on the event: job.added, job.state, job.complete, job.error, job.removed, job.kept, share.added,",
            "share.state, share.error, share.revised, share.unkept, share.removed, friend.online, friend.offline, friend.request,",
            "friend.listed, friend.shared, friend.unshared, friend.revised, friend.offence, want.found, revision.found,",
            "revision.held, revision.ready, offer.found, offer.gone, sent.taken, sent.declined, sent.withdrawn, connection. To run a command at an event, see [on] in bitween.toml.",
            "",
            "Examples:",
            "  bitween events",
            "  bitween events --follow --only job.complete,friend",
            "  bitween events --follow --json"
        })
final class EventsCommand extends Command {
    /** All there are, as the help names them. */
    static final List<String> EVENTS = List.of(
            "job.added",
            "job.state",
            "job.complete",
            "job.error",
            "job.removed",
            "job.kept",
            "share.added",
            "share.state",
            "share.error",
            "share.revised",
            "share.unkept",
            "share.removed",
            "friend.online",
            "friend.offline",
            "friend.request",
            "friend.listed",
            "friend.shared",
            "friend.unshared",
            "friend.revised",
            "friend.offence",
            "want.found",
            "revision.found",
            "revision.held",
            "revision.ready",
            "offer.found",
            "offer.gone",
            "sent.taken",
            "sent.declined",
            "sent.withdrawn",
            "connection");

    /** A daemon keeps fewer. */
    private static final long LAST = Long.MAX_VALUE;
    /** How long one call waits; then the next one does. */
    private static final int WAIT_MS = 20_000;

    @Option(
            names = {"-f", "--follow"},
            description = "shows what happens from now on, until Ctrl-C")
    private boolean follow;

    @Option(names = "--since", paramLabel = "NUMBER", description = "begins with the event of this number")
    private @Nullable Long since;

    @Option(
            names = "--only",
            paramLabel = "EVENT",
            split = ",",
            description = "only these: job.complete, or friend for all that begin so")
    private List<String> only = List.of();

    EventsCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (since != null) {
            long unused = Units.within("--since", since, 1, Integer.MAX_VALUE);
        }
        only.forEach(EventsCommand::requireKnown);
        try (ControlClient daemon = session.runningDaemon()) {
            return follow ? session.whileRead(() -> follow(daemon)) : list(daemon);
        }
    }

    /** What waits for a mistyped event waits for ever. */
    private static void requireKnown(String topic) {
        List<String> known = Stream.concat(
                        EVENTS.stream(), EVENTS.stream().map(event -> event.replaceFirst("\\..*", "")))
                .distinct()
                .toList();
        if (!known.contains(topic)) {
            List<String> near = Typos.near(known, topic);
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "--only knows no event '" + topic + "'",
                    near.isEmpty()
                            ? "bitween events --help names them all"
                            : "did you mean " + String.join(" or ", near) + "?");
        }
    }

    private int list(ControlClient daemon) throws InterruptedException {
        Answer page = daemon.call("events", Map.of("from", since == null ? 1 : since));
        Map<String, @Nullable Object> all = new LinkedHashMap<>(page.fields());
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        long missed = page.number("missed");
        while (!page.views("events").isEmpty()) {
            page.views("events").stream()
                    .filter(this::isWanted)
                    .map(Answer::fields)
                    .forEach(found::add);
            page = daemon.call("events", Map.of("from", page.number("next")));
        }
        all.put("events", found);
        all.put("next", page.number("next"));
        session.result(new Answer(all), () -> {
            if (found.isEmpty()) {
                out(only.isEmpty() ? "nothing has happened yet" : "nothing of that has happened yet");
            }
            found.forEach(event -> out(line(new Answer(event))));
            sayMissed(missed);
        });
        return ExitCodes.OK;
    }

    private int follow(ControlClient daemon) throws InterruptedException {
        long from = since == null ? daemon.call("events", Map.of("from", LAST)).number("next") : since;
        while (!session.terminal().isAbandoned()) {
            Answer page = daemon.call("events", Map.of("from", from, "timeoutMs", WAIT_MS));
            sayMissed(page.number("missed"));
            page.views("events").stream().filter(this::isWanted).forEach(this::show);
            from = page.number("next");
        }
        return ExitCodes.NOT_READ;
    }

    private void show(Answer event) {
        if (session.isJson()) {
            session.json(event.fields());
        } else {
            out(line(event));
        }
    }

    private void sayMissed(long missed) {
        if (missed > 0) {
            session.terminal().err(Units.count(missed, "older event") + " not kept any more");
        }
    }

    private boolean isWanted(Answer event) {
        String word = event.text("event");
        return only.isEmpty() || only.stream().anyMatch(name -> word.equals(name) || word.startsWith(name + "."));
    }

    private String line(Answer event) {
        String when = event.instant("at").map(at -> Units.time(at, clock())).orElse("");
        return String.format("%s  %-15s %s", when, event.text("event"), said(event));
    }

    private static String said(Answer event) {
        String name = event.text("name");
        return switch (event.text("event")) {
            case "job.complete" -> name + ": " + event.text("place");
            case "job.error", "share.error", "connection" ->
                (name.isEmpty() ? "" : name + ": ")
                        + lower(event)
                        + (event.has("message") ? ": " + event.text("message") : "");
            case "friend.listed" -> event.text("jid") + ": " + Units.count(event.number("shares"), "share");
            case "want.found" ->
                "'" + event.text("words") + "': " + name
                        + (event.text("path").isEmpty() ? "" : "/" + event.text("path")) + ", "
                        + String.join(", ", event.texts("from"));
            case "sent.taken", "sent.declined", "sent.withdrawn" -> event.text("jid") + ": " + name;
            case "friend.shared", "friend.unshared", "friend.revised", "offer.found", "offer.gone" ->
                event.text("jid") + ": " + name + (event.number("revision") > 0 ? " @" + event.number("revision") : "")
                        + ", " + Units.size(event.number("sizeBytes"));
            case "revision.found", "revision.held", "revision.ready" ->
                event.text("jid") + "/" + name
                        + (event.number("revision") > 0 ? " @" + event.number("revision") : "") + ": "
                        + Units.count(event.number("files"), "file") + ", " + Units.size(event.number("sizeBytes"))
                        + (event.has("place") ? ", in " + event.text("place") : "");
            case "job.kept" -> name + ": " + String.join(", ", event.texts("kept"));
            case "friend.offence" -> event.text("jid") + ": " + event.text("offence");
            default -> name.isEmpty() ? event.text("jid") : name + ": " + lower(event);
        };
    }

    private static String lower(Answer event) {
        return event.text("state").toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
