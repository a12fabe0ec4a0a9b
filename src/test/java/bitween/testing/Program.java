package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The program as a person starts it: through the launcher, each command a process of its own, all for one home. */
public final class Program {
    private static final Pattern PID = Pattern.compile("\"pid\":(\\d+)");

    private final Path directory;
    private final Path home;
    /** What each command is started by, such as {@code ip netns exec}. */
    private final List<String> within;

    private final String jid;

    private Program(Path directory, Path home, List<String> within, String jid) {
        this.jid = jid;
        this.directory = directory;
        this.home = home;
        this.within = List.copyOf(within);
        Strays.watch(home);
    }

    /** How a process ended, and all that it printed. */
    public record Ended(int exitCode, String output) {}

    /** Without an account: that is what is tried. */
    public static Program bare(Path directory, TestServer server, String person) {
        return new Program(directory, directory.resolve(person + "'s home"), List.of(), server.jid(person));
    }

    /**
     * With an account set up.
     *
     * @param at where to connect: {@link TestServer#at}, or a {@link TcpProxy} in front of it
     */
    public static Program initialised(Path directory, TestServer server, String person, String at)
            throws IOException, InterruptedException {
        return initialised(
                directory,
                List.of(),
                server.jid(person),
                at,
                server.caFile(person),
                "--allow",
                "loopback",
                "--listen",
                "loopback");
    }

    /**
     * With an account set up.
     *
     * @param within what each command is started by, such as {@code ip netns exec}; empty: nothing
     * @param server HOST:PORT
     */
    public static Program initialised(
            Path directory, List<String> within, String jid, String server, Path caFile, String... options)
            throws IOException, InterruptedException {
        String person = jid.substring(0, jid.indexOf('@'));
        var program = new Program(directory, directory.resolve(person + "'s home"), within, jid);
        Path password = Files.writeString(directory.resolve(person + ".password"), person + "-secret");
        List<String> command = new ArrayList<>(List.of("init", "--jid", jid));
        command.addAll(List.of("--password-file", password.toString(), "--server", server));
        command.addAll(List.of("--ca", caFile.toString(), "--device", person + "-laptop", "--no-check"));
        command.addAll(List.of(options));
        Ended init = program.run(command.toArray(String[]::new));
        assertThat(init.exitCode).as(init.output).isZero();
        return program;
    }

    public String jid() {
        return jid;
    }

    public Path home() {
        return home;
    }

    /** What the daemon has logged so far. */
    public String log() throws IOException {
        return Files.readString(home.resolve("log/bitween.log"));
    }

    /** Runs one command to its end. */
    public Ended run(String... arguments) throws IOException, InterruptedException {
        return runToEnd(directory, command(arguments).toArray(String[]::new));
    }

    /** Starts a command that does not end by itself; {@link #printed} tells what it says. */
    public Process start(String... arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(printedFile().toFile())
                .start();
    }

    /** What the command that was started last has said so far. */
    public String printed() throws IOException {
        return Files.readString(printedFile());
    }

    private Path printedFile() {
        return home.resolve("printed.txt");
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(within);
        // who runs the tests in the background of a script has all their children ignore Ctrl-C
        command.addAll(List.of("env", "--default-signal=INT", "scripts/bitween", "--home", home.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** @return the running daemon's process id */
    public long pid() throws IOException, InterruptedException {
        Ended status = run("status", "--json");
        Matcher pid = PID.matcher(status.output);
        assertThat(pid.find()).as(status.output).isTrue();
        return Long.parseLong(pid.group(1));
    }

    /** Any other program, for two minutes at most. */
    public static Ended runToEnd(Path directory, String... command) throws IOException, InterruptedException {
        return runToEnd(directory, Duration.ofMinutes(2), command);
    }

    /** Any other program. */
    public static Ended runToEnd(Path directory, Duration limit, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "out", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                .as(String.join(" ", command))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }

    /** @param signal such as TERM */
    public static void kill(String signal, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** One that has ended stays in the table until somebody asks how; the first of all processes takes seconds for that here and there. */
    private static boolean isRunning(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        try {
            return !Files.readString(status).contains("\nState:\tZ");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    public static void awaitEnd(long pid, Duration limit) {
        Awaitility.await("process " + pid + " ends").atMost(limit).until(() -> !isRunning(pid));
    }
}
