package bitween.control;

import bitween.events.EventLog;
import bitween.events.Happening;
import java.time.Duration;
import java.util.List;

/** What happens, for programs that follow it. */
final class EventMethods {
    private static final int MAX_EVENTS = 1_000;
    /** Longer, and a client that went away would keep its thread. */
    private static final long MAX_WAIT_MS = 30_000;

    private final EventLog events;

    EventMethods(EventLog events) {
        this.events = events;
    }

    void addTo(Methods methods) {
        methods.add(
                "events",
                "what happened since the daemon started, from a number on; waits 'timeoutMs' for the first; 'missed': how many are not kept any more",
                List.of("from?", "timeoutMs?", "limit?"),
                this::events);
    }

    private View events(Params params) throws InterruptedException {
        EventLog.Page page = events.from(
                params.number("from", 1, Long.MAX_VALUE, 1),
                (int) params.number("limit", 1, MAX_EVENTS, MAX_EVENTS),
                Duration.ofMillis(params.number("timeoutMs", 0, MAX_WAIT_MS, 0)));
        return new View()
                .with(
                        "events",
                        page.happenings().stream().map(EventMethods::view).toList())
                .with("next", page.next())
                .with("missed", page.missed());
    }

    private static View view(Happening happening) {
        View view = new View()
                .with("number", happening.number())
                .with("at", happening.at())
                .with("event", happening.kind().word());
        happening.details().forEach(view::with);
        return view;
    }
}
