package bitween.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/**
 * What went wrong where no test looks: exceptions that nobody caught, on any thread of this process, and what was logged at ERROR or, by bitween, with a stack trace, here or
 * by the daemons that a test started as processes. Thread: any. One for the process, as its log and its last handler of exceptions are.
 */
final class Strays {
    /** A line of conf/log4j2.xml that is an error or bears a stack trace; or what the JVM itself prints. */
    private static final Pattern STRAY_LINE = Pattern.compile(
            "^\\S+ \\S+ (ERROR|FATAL) |^\\S+ \\S+ WARN .*\\| .?at [\\w.$/]+\\(|^\\s+at [\\w.$/]+\\(|^Exception in thread");
    /** {@code 2026-11-21 12:34:56.789 }: nobody expects a time. */
    private static final Pattern TIME = Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\S+ ");
    /** A trace is long and its first frames tell. */
    private static final int SHOWN = 2_000;

    private static final Queue<String> found = new ConcurrentLinkedQueue<>();
    private static final Set<Path> homes = ConcurrentHashMap.newKeySet();
    private static final Keeper keeper = new Keeper();

    private Strays() {}

    /** From now on. Again before each test, because Awaitility, too, sets the handler, and tests the log's configuration. */
    static void watch() {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> found.add("uncaught on " + thread.getName() + ": " + traceOf(e)));
        keeper.start();
        LoggerConfig root = ((LoggerContext) LogManager.getContext(false))
                .getConfiguration()
                .getRootLogger();
        if (!root.getAppenders().containsKey(keeper.getName())) {
            root.addAppender(keeper, Level.WARN, null);
        }
    }

    /** Looks at what a daemon of this home has written when the test ends. */
    static void watch(Path home) {
        homes.add(home);
    }

    /** All since the last call. */
    static List<String> taken() {
        List<String> all = new ArrayList<>();
        for (String stray = found.poll(); stray != null; stray = found.poll()) {
            all.add(stray);
        }
        for (Path home : Set.copyOf(homes)) {
            homes.remove(home);
            all.addAll(writtenIn(home));
        }
        return all;
    }

    private static List<String> writtenIn(Path home) {
        try (Stream<Path> log =
                Files.isDirectory(home.resolve("log")) ? Files.list(home.resolve("log")) : Stream.empty()) {
            List<String> all = new ArrayList<>();
            for (Path file : Stream.concat(log, Stream.of(home.resolve("printed.txt")))
                    .filter(Files::isRegularFile)
                    .toList()) {
                linesOf(file)
                        .filter(line -> STRAY_LINE.matcher(line).find())
                        .forEach(line -> all.add(home.getFileName()
                                + ": "
                                + TIME.matcher(line.substring(0, Math.min(line.length(), SHOWN)))
                                        .replaceFirst("")));
            }
            return all;
        } catch (IOException e) {
            return List.of(home + " cannot be read: " + e);
        }
    }

    /** A process that was killed may leave half a letter. */
    private static Stream<String> linesOf(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines();
    }

    private static String traceOf(Throwable e) {
        String frames = Stream.of(e.getStackTrace())
                .limit(8)
                .map(frame -> "\n        at " + frame)
                .reduce("", String::concat);
        Throwable cause = e.getCause();
        return e + frames + (cause == null || cause == e ? "" : "\n      caused by " + traceOf(cause));
    }

    private static final class Keeper extends AbstractAppender {
        private Keeper() {
            super("strays", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            Throwable thrown = event.getThrown();
            boolean odd = thrown != null && event.getLoggerName().startsWith("bitween.");
            if (odd || event.getLevel().isMoreSpecificThan(Level.ERROR)) {
                found.add(event.getLevel() + " [" + event.getThreadName() + "] "
                        + event.getLoggerName().replaceFirst(".*\\.", "") + ": "
                        + event.getMessage().getFormattedMessage()
                        + (thrown == null ? "" : ": " + traceOf(thrown)));
            }
        }
    }
}
