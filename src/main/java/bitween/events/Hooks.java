package bitween.events;

import bitween.events.Happening.Kind;
import bitween.files.PrivateFiles;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts commands of the user's when something happens, one at a time, in its order. How each ended is logged. What happened is in environment variables; see
 * {@link #environment}. Thread: {@code hooks}; {@link #heard} from any.
 */
public final class Hooks implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Hooks.class);
    /** Of those that wait for their turn; a command that hangs does not fill the memory. */
    private static final int MAX_WAITING = 1_000;
    /** Of what a command that failed printed. */
    private static final int MAX_SAID = 500;

    private static final String SAID = "hook.out";
    private static final String PREFIX = "BITWEEN_";
    private static final String HOME = "BITWEEN_HOME";

    private volatile Map<Kind, String> commands;
    private final Path directory;
    private final Map<String, String> environment;
    private final Duration limit;
    private final BlockingQueue<Happening> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread = new Thread(this::run, "hooks");

    /**
     * @param commands for a shell, by what they are for
     * @param directory in which they run
     * @param environment theirs, beside what says what happened; bitween's own variables but BITWEEN_HOME are left out, as one of them may hold a password
     * @param limit how long one may run
     */
    public Hooks(Map<Kind, String> commands, Path directory, Map<String, String> environment, Duration limit) {
        this.commands = Map.copyOf(commands);
        this.directory = directory;
        this.environment = new HashMap<>(environment);
        this.environment.keySet().removeIf(name -> name.startsWith(PREFIX) && !name.equals(HOME));
        this.limit = limit;
        delete(directory.resolve(SAID)); // of a daemon that was killed
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on, in place of those before. */
    public void use(Map<Kind, String> others) {
        commands = Map.copyOf(others);
    }

    /** Returns at once. */
    public void heard(Happening happening) {
        if (commands.containsKey(happening.kind()) && !waiting.offer(happening)) {
            log.warn(
                    "no hook is started for {}: {} wait for their turn already",
                    happening.kind().word(),
                    MAX_WAITING);
        }
    }

    private void run() {
        try {
            while (true) {
                Happening happening = waiting.take();
                String command = commands.get(happening.kind());
                if (command != null) {
                    start(command, happening);
                }
            }
        } catch (InterruptedException e) {
            log.debug("no more hooks: {}", e.getMessage());
        }
    }

    private void start(String command, Happening happening) throws InterruptedException {
        String what = happening.kind().word() + " of "
                + happening.text(happening.details().containsKey("name") ? "name" : "jid");
        long beganNs = System.nanoTime();
        Path said = directory.resolve(SAID);
        try {
            PrivateFiles.write(said, new byte[0]); // what it prints is not for others
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                    .directory(directory.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()));
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().putAll(environment(happening));
            Process process = builder.start();
            end(process, what, beganNs, said);
        } catch (IOException | UserException e) {
            log.warn("the hook for {} did not start: {}", what, e.getMessage());
        } finally {
            delete(said);
        }
    }

    private void end(Process process, String what, long beganNs, Path said) throws InterruptedException, IOException {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("the hook for {} was ended: it ran for {} s", what, limit.toSeconds());
                return;
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
        if (process.exitValue() == 0) {
            log.info("the hook for {} ended with 0 after {} ms", what, ms);
        } else {
            log.warn("the hook for {} ended with {} after {} ms: {}", what, process.exitValue(), ms, begin(said));
        }
    }

    private static String begin(Path said) throws IOException {
        try (InputStream in = Files.newInputStream(said)) {
            return new String(in.readNBytes(MAX_SAID), StandardCharsets.UTF_8).strip();
        }
    }

    private static void delete(Path said) {
        try {
            Files.deleteIfExists(said);
        } catch (IOException e) {
            log.debug("{} stays: {}", said, e.getMessage());
        }
    }

    /** What a command is told. Names are as friends wrote them: a script quotes them, as any file's name. */
    static Map<String, String> environment(Happening happening) {
        Map<String, String> told = new HashMap<>();
        told.put("BITWEEN_EVENT", happening.kind().word());
        told.put("BITWEEN_TIME", happening.at().toString());
        happening.details().forEach((key, value) -> told.put(variable(key), text(value)));
        return told;
    }

    private static String variable(String key) {
        return switch (key) {
            case "sizeBytes" -> "BITWEEN_SIZE";
            case "place", "path" -> "BITWEEN_PATH";
            case "jid", "from" -> "BITWEEN_FRIEND";
            case "code" -> "BITWEEN_ERROR_CODE";
            case "message" -> "BITWEEN_ERROR";
            default -> PREFIX + key.toUpperCase(Locale.ROOT);
        };
    }

    /** Without a NUL, which no environment takes. */
    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return String.join(" ", list.stream().map(String::valueOf).toList());
        }
        return value == null ? "" : value.toString().replace('\0', '\uFFFD');
    }

    /** One that runs is ended; those that wait are not started. */
    @Override
    public void close() {
        thread.interrupt();
        if (!waiting.isEmpty()) {
            log.info("{} hooks were not started", waiting.size());
        }
    }
}
