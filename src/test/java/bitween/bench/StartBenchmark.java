package bitween.bench;

import bitween.config.Home;
import bitween.config.Homes;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code StartBenchmark LAUNCHER HOME FOLDER RUNS IDLE_SECONDS stop|kill}: shares each file of FOLDER, then starts the daemon of HOME over and over. Prints for each
 * run the milliseconds from the process's start until the socket answers and until every share seeds, the milliseconds of CPU by then, and the KiB of VmRSS
 * and RssAnon after idling. With {@code kill} each daemon before a start, the one that shared included, ends by kill -9.
 */
public final class StartBenchmark {
    private static final long PATIENCE_SECONDS = 120;
    private static final long LOOK_AGAIN_MS = 5;

    private final Path launcher;
    private final Home home;
    private final int shares;
    private final boolean kill;

    private StartBenchmark(Path launcher, Home home, int shares, boolean kill) {
        this.launcher = launcher;
        this.home = home;
        this.shares = shares;
        this.kill = kill;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[1]);
        Home home = Homes.resolve(directory, Map.of(), directory);
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of(arguments[2]))) {
            files = found.sorted().toList();
        }
        StartBenchmark benchmark =
                new StartBenchmark(Path.of(arguments[0]), home, files.size(), arguments[5].equals("kill"));
        benchmark.share(files);
        for (int run = 0; run < Integer.parseInt(arguments[3]); run++) {
            benchmark.run(Long.parseLong(arguments[4]));
        }
    }

    private void share(List<Path> files) throws IOException, InterruptedException {
        Process daemon = spawn();
        try (ControlClient client = connected(daemon)) {
            for (Path file : files) {
                client.call("share.add", Map.of("path", file.toString()));
            }
            untilSeeding(daemon, client);
            end(daemon, client);
        } finally {
            daemon.destroy();
        }
    }

    private void run(long idleSeconds) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process daemon = spawn();
        try (ControlClient client = connected(daemon)) {
            client.call("status");
            long answersMs = (System.nanoTime() - begin) / 1_000_000;
            untilSeeding(daemon, client);
            long readyMs = (System.nanoTime() - begin) / 1_000_000;
            long cpuMs = daemon.info().totalCpuDuration().orElseThrow().toMillis();
            if (daemon.waitFor(idleSeconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the daemon ended by itself");
            }
            System.out.println(answersMs + " " + readyMs + " " + cpuMs + " " + kib(daemon, "VmRSS") + " "
                    + kib(daemon, "RssAnon"));
            end(daemon, client);
        } finally {
            daemon.destroy();
        }
    }

    private Process spawn() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(launcher.toString(), "--home", home.config().toString(), "daemon", "--foreground");
        builder.environment().put("BITWEEN_BACKGROUND", "1"); // logs to its file, as daemons usually do
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private ControlClient connected(Process daemon) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                return ControlClient.connect(home);
            } catch (UserException e) {
                if (e.code() != ErrorCode.DAEMON_NOT_RUNNING) {
                    throw e;
                }
                lookAgain(daemon, deadline);
            }
        }
    }

    private void untilSeeding(Process daemon, ControlClient client) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (seeding(client.call("shares")) < shares) {
            lookAgain(daemon, deadline);
        }
    }

    private static long seeding(Answer answer) {
        return answer.views("shares").stream()
                .filter(share -> share.text("state").equals("SEEDING"))
                .count();
    }

    private static void lookAgain(Process daemon, long deadline) throws InterruptedException {
        if (daemon.waitFor(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the daemon ended with " + daemon.exitValue());
        }
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException("the daemon is not ready after " + PATIENCE_SECONDS + " s");
        }
    }

    private void end(Process daemon, ControlClient client) throws InterruptedException {
        if (kill) {
            daemon.destroyForcibly();
        } else {
            client.call("daemon.stop");
        }
        if (!daemon.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the daemon does not stop");
        }
    }

    private static long kib(Process daemon, String field) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + daemon.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
