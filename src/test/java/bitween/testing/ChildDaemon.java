package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import bitween.control.client.ControlClient;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A daemon as a process of its own, started through the launcher, which may be killed at any moment. Thread: one at a time, but for {@link #kill}. */
public final class ChildDaemon implements AutoCloseable {
    /** Of what it is started by: it compiles quickly rather than well, which costs a start a third less CPU. */
    public static final List<String> SHORT_LIVED = List.of("env", "JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LOOK_MS = 10;
    private static final int LAST_LINES = 60;

    private final Home home;
    private final Process process;

    private ChildDaemon(Home home, Process process) {
        this.home = home;
        this.process = process;
    }

    /** @param within what it is started by, such as strace; empty: nothing */
    public static ChildDaemon start(Home home, List<String> within) throws IOException {
        Path directory = home.data();
        Strays.watch(directory);
        List<String> command = new ArrayList<>(within);
        command.addAll(List.of("scripts/bitween", "--home", directory.toString(), "daemon", "--foreground"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("printed.txt").toFile()))
                .start();
        return new ChildDaemon(home, process);
    }

    /** @return false when it has ended before it did anything to its home */
    public boolean awaitBegun() throws InterruptedException, IOException {
        Path lock = home.lock();
        String held = Long.toString(pid());
        while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
            if (Files.exists(lock) && Files.readString(lock).equals(held)) {
                return true;
            }
        }
        return false;
    }

    /** @return empty when it has ended before it was ready */
    public Optional<ControlClient> awaitReady() throws InterruptedException {
        return awaitReady(home, client -> true);
    }

    /**
     * One that sees other file systems than this process, and is the process that was started.
     *
     * @param reachable the home as it is seen from here: until all is mounted, that may be another daemon's
     */
    public Optional<ControlClient> awaitReadyAt(Home reachable) throws InterruptedException {
        return awaitReady(reachable, client -> client.call("status").number("pid") == pid());
    }

    /** Whether it is the daemon that was started which answers. */
    @FunctionalInterface
    private interface Recognition {
        boolean isIt(ControlClient client) throws InterruptedException;
    }

    private Optional<ControlClient> awaitReady(Home reachable, Recognition recognition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String why = "another daemon answers";
        while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
            assertThat(System.nanoTime()).as(why).isLessThan(deadline);
            try {
                ControlClient client = ControlClient.connect(reachable);
                boolean recognised = false;
                try {
                    recognised = recognition.isIt(client);
                } finally {
                    if (!recognised) {
                        client.close();
                    }
                }
                if (recognised) {
                    return Optional.of(client);
                }
            } catch (UserException notYet) {
                why = notYet.sentence();
            }
        }
        return Optional.empty();
    }

    /** The process that was started, which is the daemon itself when it was started by nothing else. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}. Any thread; without effect when it is dead. Whoever started it ends by itself then. */
    public void kill() {
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** The last that daemons of this home have printed, for who wants to know why. */
    public static String lastWords(Home home) throws IOException {
        List<String> lines = Files.readAllLines(home.data().resolve("printed.txt"), StandardCharsets.ISO_8859_1);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** Such as INT; without effect when it has just ended. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    public boolean endsWithin(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("process " + process.pid() + " ends")
                .isTrue();
    }

    /** Kills it, if it runs. */
    @Override
    public void close() {
        kill();
        process.onExit().join();
    }
}
