package bitween.app;

import bitween.cli.DaemonStarter;
import bitween.cli.ExitWhen;
import bitween.config.Config;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Homes;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.control.client.Json;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import bitween.torrent.libtorrent.Platform;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts daemons on this machine: in this process, or in one that outlives it. */
final class LocalDaemons implements DaemonStarter {
    /** Set for a daemon that nobody watches: it logs to its file. */
    static final String BACKGROUND = "BITWEEN_BACKGROUND";

    static final String LAUNCHER = "BITWEEN_LAUNCHER";
    /** Opening the largest database and thousands of shares takes seconds. */
    private static final Duration READY = Duration.ofSeconds(60);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Runnable platform;
    private final Path userHome;
    private final Map<String, String> variables;

    LocalDaemons(Path userHome, Map<String, String> variables) {
        this(userHome, variables, Platform::require);
    }

    /** @param platform fails where this program cannot run */
    LocalDaemons(Path userHome, Map<String, String> variables, Runnable platform) {
        this.platform = platform;
        this.userHome = userHome;
        this.variables = variables;
    }

    @Override
    public long startInBackground(Home home, @Nullable ExitWhen exitWhen) throws InterruptedException {
        platform.run(); // first: nothing is to be written where nothing can run
        ConfigFile.load(home, userHome); // its mistakes are told here, not in a log
        runningPid(home).ifPresent(pid -> {
            throw new UserException(
                    ErrorCode.ALREADY_RUNNING,
                    "a bitween daemon already runs for " + home.data() + " (process " + pid + ")",
                    "stop it with: bitween stop");
        });
        home.createDirectories();
        File output = home.logs().resolve("daemon.out").toFile();
        Process child = spawn(home, exitWhen, output);
        long deadline = System.nanoTime() + READY.toNanos();
        while (System.nanoTime() < deadline) {
            if (child.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw whyItEnded(child.exitValue(), output.toPath());
            }
            if (isReady(home, child.pid())) {
                return child.pid();
            }
        }
        throw new UserException(
                ErrorCode.TIMED_OUT,
                "the daemon (process " + child.pid() + ") is not ready after " + READY.toSeconds() + " s",
                "its log may tell why: " + home.logFile());
    }

    @Override
    public List<Finding> check(Home home) {
        return HomeCheck.withoutDaemon(home);
    }

    @Override
    public List<Finding> examine(Home home) {
        List<Finding> findings = new ArrayList<>();
        try {
            platform.run();
            findings.add(Finding.ok("platform", "bitween runs on this system"));
        } catch (UserException e) {
            findings.add(Finding.wrong("platform", e));
        }
        try {
            Config config = ConfigFile.load(home, userHome);
            findings.add(Finding.ok("configuration", home.configFile() + " is right"));
            findings.add(HomeCheck.password(config.xmpp().passwordFile()));
            findings.add(DiskCheck.of(config));
        } catch (UserException e) {
            findings.add(Finding.wrong("configuration", e));
        }
        findings.add(HomeCheck.deviceKey(home.deviceKey()));
        return findings;
    }

    @Override
    public int runInForeground(Home home, @Nullable ExitWhen exitWhen) throws InterruptedException {
        platform.run();
        Config config = ConfigFile.load(home, userHome);
        home.createDirectories();
        Logging.start(home, !variables.containsKey(BACKGROUND));
        try {
            return DaemonRun.run(home, config, exitWhen);
        } finally {
            Logging.stop();
        }
    }

    private Process spawn(Home home, @Nullable ExitWhen exitWhen, File output) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid"); // so that closing the terminal does not end it
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(BACKGROUND, "1");
        String launcher = variables.get(LAUNCHER);
        if (launcher != null) {
            command.add(launcher);
        } else {
            command.addAll(ownCommand());
            libjsig().ifPresent(library -> builder.environment().put("LD_PRELOAD", library.toString()));
        }
        command.addAll(homeOption(home));
        command.addAll(List.of("daemon", "--foreground", "--json"));
        if (exitWhen != null) {
            command.addAll(List.of("--exit-when", exitWhen.toString()));
        }
        try {
            return builder.redirectInput(new File("/dev/null"))
                    .redirectOutput(output)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.INTERNAL, "cannot start " + command.get(0) + ": " + e.getMessage(), "", e);
        }
    }

    /** What makes a child that has our environment find {@code home}; where the environment alone makes it up, nothing. */
    List<String> homeOption(Home home) {
        boolean isOneFolder = home.equals(Homes.resolve(home.config(), variables, userHome));
        return isOneFolder ? List.of("--home", home.config().toString()) : List.of();
    }

    /** Without the launcher, as {@code java -jar}: the same program again. */
    private static List<String> ownCommand() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", // as the manifest says it to java -jar
                "-cp",
                System.getProperty("java.class.path"),
                "bitween.Main");
    }

    private static Optional<Path> libjsig() {
        return Optional.of(Path.of(System.getProperty("java.home"), "lib", "libjsig.so"))
                .filter(Files::exists);
    }

    private static Optional<Long> runningPid(Home home) throws InterruptedException {
        try (ControlClient client = ControlClient.connect(home)) {
            return Optional.of(client.call("status", Map.of()).number("pid"));
        } catch (UserException e) {
            if (e.code() == ErrorCode.DAEMON_NOT_RUNNING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** One that has its socket and does not answer yet is still starting. */
    private static boolean isReady(Home home, long pid) throws InterruptedException {
        try {
            return runningPid(home).filter(running -> running == pid).isPresent();
        } catch (UserException e) {
            if (e.code() == ErrorCode.DAEMON_HANGS) {
                return false;
            }
            throw e;
        }
    }

    /** It says so as JSON, because it was started with --json. */
    private static UserException whyItEnded(int exitCode, Path output) {
        String text = read(output);
        return text.lines()
                .flatMap(line -> errorIn(line).stream())
                .findFirst()
                .orElseGet(() -> new UserException(
                        ErrorCode.INTERNAL,
                        "the daemon ended at once, with exit code " + exitCode,
                        "it said: " + text.strip()));
    }

    /** @return empty for any other line, such as a warning of the JVM's */
    private static Optional<UserException> errorIn(String line) {
        try {
            Answer error = Answer.of(Json.read(line)).view("error");
            return Optional.of(new UserException(
                    ErrorCode.valueOf(error.text("code")), error.text("message"), error.text("hint")));
        } catch (Json.MalformedJson | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "nothing that could be read: " + e.getMessage();
        }
    }
}
