package bitween.control;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What each thread of the daemon does at the moment, for who looks for a fault. */
final class ThreadMethods {
    void addTo(Methods methods) {
        methods.add(
                "threads",
                "what each thread of the daemon does",
                List.of(),
                params -> new View()
                        .with(
                                "threads",
                                Thread.getAllStackTraces().entrySet().stream()
                                        .sorted(Comparator.comparing(
                                                entry -> entry.getKey().getName()))
                                        .map(ThreadMethods::thread)
                                        .toList()));
    }

    private static View thread(Map.Entry<Thread, StackTraceElement[]> entry) {
        return new View()
                .with("thread", entry.getKey().getName())
                .with("state", entry.getKey().getState())
                .with("stack", Stream.of(entry.getValue()).map(Object::toString).toList());
    }
}
