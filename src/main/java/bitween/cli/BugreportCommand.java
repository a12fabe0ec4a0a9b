package bitween.cli;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "bugreport",
        description =
                "Writes one file that tells what a developer needs to know, and nothing that is nobody's business.",
        footer = {
            "",
            "In it are versions, the configuration, how the daemon, shares, jobs and friends are, what each thread does, what fsck finds, and the",
            "end of the log. Passwords, keys and hashes never are; people, files and folders only have names such as friend-1 and path-2,",
            "unless --full keeps them. It works without a daemon, and with one that hangs. Look into it before you send it.",
            "",
            "Examples:",
            "  bitween bugreport",
            "  bitween bugreport --full -o report.zip"
        })
final class BugreportCommand extends Command {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    /** Whoever answers at all does so in milliseconds, and of whoever does not the client says after 5 s what is known; fsck takes seconds. */
    private static final Duration ANSWER = Duration.ofSeconds(6);

    private static final Duration CHECK = Duration.ofSeconds(30);
    /** Of the log: the last hours of a quiet daemon, the last minutes of a busy one. */
    private static final int LOG_BYTES = 512 << 10;

    @Option(names = "--full", description = "with the names of people, files and folders")
    private boolean full;

    @Option(names = "-o", paramLabel = "FILE", description = "where to write it; else into the folder where you are")
    private @Nullable String output;

    BugreportCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Home home = session.home();
        String stamp = STAMP.format(clock().instant().atZone(clock().getZone()));
        Path file = session.path(output == null ? "bitween-report-" + stamp + ".zip" : output);
        Redactor redactor = new Redactor(full, full ? Set.of() : OwnWords.read(), secrets(home));
        ReportFile report = new ReportFile(redactor);
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        String daemon = ask(home, facts);
        redactor.named("home", System.getProperty("user.home"));
        redactor.named("user", System.getProperty("user.name"));
        redactor.named("device", session.environment().setup().defaultDevice());
        facts.forEach((name, value) -> report.json(name + ".json", value));
        report.text("about.txt", about(daemon));
        report.text("config.txt", config(home.configFile()));
        report.text("log.txt", end(home.logFile()));
        report.text("output.txt", end(home.logs().resolve("daemon.out")));
        Map<String, Integer> parts = report.write(file);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("file", file.toString());
        result.put("full", full);
        result.put("daemon", daemon);
        result.put("parts", parts);
        session.result(new Answer(result), () -> print(file, daemon, parts));
        return ExitCodes.OK;
    }

    private void print(Path file, String daemon, Map<String, Integer> parts) {
        out("the report is " + file);
        out("in it", String.join(", ", parts.keySet()));
        out("daemon", daemon);
        out(
                "names",
                full
                        ? "those of people, files and folders are in it"
                        : "none of people, files and folders; --full keeps them");
        out("look into it before you send it: unzip -p " + file + " log.txt");
    }

    /** @return how the daemon is; what it said is in {@code facts}, first what names things */
    private String ask(Home home, Map<String, @Nullable Object> facts) throws InterruptedException {
        try {
            for (String method : List.of("friends", "shares", "jobs", "status", "version", "threads")) {
                facts.put(method, answer(method, ANSWER));
            }
            facts.put("fsck", answer("fsck", CHECK));
            return "it answers";
        } catch (UserException e) {
            if (e.code() == ErrorCode.DAEMON_NOT_RUNNING) {
                facts.put("fsck", check(home));
                return "none runs";
            }
            facts.put("stacks", stacks(home));
            return "it does not answer: " + e.sentence();
        }
    }

    private Map<String, @Nullable Object> answer(String method, Duration limit) throws InterruptedException {
        return within(limit, method, () -> {
            try (ControlClient daemon = session.runningDaemon()) {
                return daemon.call(method).fields();
            }
        });
    }

    /** @throws UserException the work's own; TIMED_OUT, and the work is interrupted */
    static <T> T within(Duration limit, String what, Callable<T> work) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "report-" + what);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new UserException(
                    ErrorCode.TIMED_OUT, what + " got no answer within " + limit.toSeconds() + " s", "", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UserException why
                    ? why
                    : new UserException(ErrorCode.INTERNAL, what + " failed: " + e.getCause(), "", e);
        }
    }

    private Object check(Home home) throws InterruptedException {
        if (!session.environment().setup().isConfigured(home)) {
            return "nothing is set up";
        }
        try {
            return within(
                    CHECK,
                    "fsck",
                    () -> session.environment().daemons().check(home).stream()
                            .map(FsckCommand::fields)
                            .toList());
        } catch (UserException e) {
            return e.sentence();
        }
    }

    /** Of a daemon that does not answer, as the JVM tells them past it. */
    private List<String> stacks(Home home) throws InterruptedException {
        Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
        try {
            Optional<Long> pid = home.lockHolder();
            if (!Files.isExecutable(jstack) || pid.isEmpty()) {
                return List.of("there is no jstack, or nobody knows the process");
            }
            Process process = new ProcessBuilder(jstack.toString(), pid.get().toString())
                    .redirectErrorStream(true)
                    .start();
            return within(
                    CHECK,
                    "jstack",
                    () -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        } catch (IOException | UserException e) {
            return List.of("jstack says nothing: " + e.getMessage());
        }
    }

    private String about(String daemon) {
        List<String> lines = new ArrayList<>();
        session.environment().versions().toMap().forEach((name, version) -> lines.add(name + " " + version));
        for (String property :
                List.of("os.name", "os.version", "os.arch", "java.vendor", "java.version", "sun.jnu.encoding")) {
            lines.add(property + " " + System.getProperty(property));
        }
        lines.add("processors " + Runtime.getRuntime().availableProcessors());
        lines.add("the daemon: " + daemon);
        lines.add(full ? "names are as they are" : "what is not known to be harmless has a name such as friend-1");
        return String.join("\n", lines) + "\n";
    }

    /** Without what stands there as it was written at first. */
    private static String config(Path file) {
        StringBuilder settings = new StringBuilder();
        end(file)
                .lines()
                .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
                .forEach(line -> settings.append(line).append('\n'));
        return settings.toString();
    }

    private static String end(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "there is none\n";
        }
        try {
            byte[] all = Files.readAllBytes(file);
            int from = Math.max(0, all.length - LOG_BYTES);
            String text = new String(all, from, all.length - from, StandardCharsets.UTF_8);
            return from == 0 ? text : text.substring(text.indexOf('\n') + 1);
        } catch (IOException e) {
            return "it cannot be read: " + e.getMessage() + "\n";
        }
    }

    /** So that not even a mistake elsewhere lets it out. */
    private static List<String> secrets(Home home) {
        try {
            String password = Files.readString(home.passwordFile()).strip();
            return password.isEmpty() ? List.of() : List.of(password);
        } catch (IOException e) {
            return List.of(); // it is in the keyring, or nowhere
        }
    }
}
