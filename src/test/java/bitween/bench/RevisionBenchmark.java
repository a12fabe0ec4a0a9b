package bitween.bench;

import bitween.config.Homes;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code RevisionBenchmark RUNS OWNER FRIEND FOLDER}: OWNER shares FOLDER live; prints the milliseconds from when it is hashed until the FRIEND finds each of its files by name, and the bytes that came to him until then (as {@code ss} counts
 * those of the link). He gets it. Then changes one file of it, and prints for each run the milliseconds until the next revision is offered, until the friend sees it, until he has it; then the bytes of lists and documents that came to
 * him, and those of content.
 */
public final class RevisionBenchmark {
    private static final long PATIENCE_SECONDS = 300;
    /** Names that are looked for. */
    private static final int SAMPLES = 10;

    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Until what is read of a list in advance is here, and the next revision is not held back. */
    private static final long CALM_SECONDS = 62;

    private static final Pattern RECEIVED = Pattern.compile("bytes_received:(\\d+)");

    private final ControlClient owner;
    private final ControlClient friend;
    private final String name;

    private RevisionBenchmark(ControlClient owner, ControlClient friend, String name) {
        this.owner = owner;
        this.friend = friend;
        this.name = name;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[3]);
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        Random random = new Random(1);
        try (ControlClient owner = client(arguments[1]);
                ControlClient friend = client(arguments[2])) {
            RevisionBenchmark bench = new RevisionBenchmark(owner, friend, String.valueOf(folder.getFileName()));
            System.out.println(bench.first(folder, files));
            bench.get();
            for (int run = 0; run < Integer.parseInt(arguments[0]); run++) {
                byte[] content = new byte[2_000];
                random.nextBytes(content);
                System.out.println(bench.run(files.get(random.nextInt(files.size())), content));
            }
        }
    }

    private static ControlClient client(String home) {
        return ControlClient.connect(Homes.resolve(Path.of(home), Map.of(), Path.of(home)));
    }

    private String first(Path folder, List<Path> files) throws IOException {
        long received = received();
        call(owner, "share.add", Map.of("path", folder.toString(), "to", List.of("everyone"), "mode", "LIVE"));
        await(() -> own().text("state").equals("SEEDING"));
        long hashed = System.nanoTime();
        for (int i = 0; i < files.size(); i += Math.max(1, files.size() / SAMPLES)) {
            String file = String.valueOf(files.get(i).getFileName());
            await(() ->
                    !call(friend, "find", Map.of("words", file)).views("found").isEmpty());
        }
        return ms(System.nanoTime() - hashed) + " " + (received() - received);
    }

    private void get() {
        Answer job = call(friend, "job.get", Map.of("ref", "alice/" + name)).view("transfer");
        await(() -> call(friend, "transfer.get", Map.of("name", "#" + job.text("id")))
                .text("state")
                .equals("COMPLETE"));
    }

    private String run(Path file, byte[] content) throws IOException {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(CALM_SECONDS));
        long revision = own().number("revision");
        long received = received();
        long sent = own().number("uploadedBytes");
        long begin = System.nanoTime();
        Files.write(file, content);
        await(() -> own().number("revision") > revision && own().text("state").equals("SEEDING"));
        long offered = System.nanoTime();
        await(() -> seen() > revision);
        long seen = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1)); // what is in it is read in advance
        long lists = received() - received;
        long asked = System.nanoTime();
        get();
        long got = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2)); // figures are renewed once a second
        return ms(offered - begin) + " " + ms(seen - begin) + " " + ms(got - asked) + " " + lists + " "
                + (own().number("uploadedBytes") - sent);
    }

    private Answer own() {
        return call(owner, "transfer.get", Map.of("name", name));
    }

    private long seen() {
        return call(friend, "ls", Map.of("path", "alice")).views("shares").stream()
                .filter(share -> share.text("name").equals(name) && share.has("revision"))
                .mapToLong(share -> share.number("revision"))
                .max()
                .orElse(0);
    }

    private static Answer call(ControlClient daemon, String method, Map<String, ?> params) {
        try {
            return daemon.call(method, params);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** By all sockets of the friend's daemon that are open to the owner's. */
    private long received() throws IOException {
        long port = call(owner, "status", Map.of()).view("engine").number("port");
        long theirs = call(friend, "status", Map.of()).view("engine").number("port");
        long pid = call(friend, "status", Map.of()).number("pid");
        Process ss = new ProcessBuilder("ss", "-tinpOH", "state", "established").start();
        String lines = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        long sum = 0;
        for (String line : lines.lines().toList()) {
            boolean link = line.contains(":" + port + " ") || line.contains(":" + theirs + " ");
            Matcher bytes = RECEIVED.matcher(line);
            if (link && line.contains("pid=" + pid + ",") && bytes.find()) {
                sum += Long.parseLong(bytes.group(1));
            }
        }
        return sum;
    }

    private static void await(BooleanSupplier wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("it did not come so far");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }

    private static long ms(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
