package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one jar that is built, on every other JDK from 17 on that this machine has: a daemon does what it is for with one of this JDK, and no JVM warns of anything. */
class OtherJdksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    @TempDir
    Path directory;

    @Test
    void the_same_jar_shares_and_gets_on_each_without_a_warning() throws IOException, InterruptedException {
        List<Path> jdks = others();
        assumeFalse(jdks.isEmpty(), "this machine has no other JDK");

        List<String> people =
                IntStream.range(0, jdks.size()).mapToObj(i -> "bob" + i).toList();
        String[] all = Stream.concat(Stream.of("alice"), people.stream()).toArray(String[]::new);
        try (TestServer server = TestServer.start(directory, all);
                TestDaemon alice = TestDaemon.started(directory, server, "alice")) {
            Path song = Folders.file(directory.resolve("song.bin"), 3_000_000, 1);
            alice.share(song);
            for (int i = 0; i < jdks.size(); i++) {
                Program bob = started(directory, jdks.get(i), server, people.get(i));
                sharesAndGets(bob, jdks.get(i), alice, song);
            }
        }
    }

    private void sharesAndGets(Program bob, Path jdk, TestDaemon alice, Path song)
            throws IOException, InterruptedException {
        try {
            assertThat(does(bob, "version")).contains("java         " + version(jdk));
            alice.untilOnline();
            until(bob, "online as", "status");
            does(bob, "friend", "add", alice.jid());
            alice.until("friends", Map.of(), now -> now.fields().toString().contains(bob.jid()));
            alice.call("friend.accept", Map.of("jid", bob.jid()));
            until(bob, "song.bin", "ls", "alice");

            does(bob, "get", "alice/song.bin", "--wait", "--timeout", "60");
            assertThat(bob.home().resolve("downloads/song.bin")).hasSameBinaryContentAs(song);

            String name = "answer of " + bob.jid();
            does(
                    bob,
                    "share",
                    Folders.file(directory.resolve(name), 2_000_000, 2).toString(),
                    "--to",
                    "everyone");
            alice.until(
                    "ls",
                    Map.of("path", bob.jid()),
                    now -> now.fields().toString().contains(name));
            assertThat(alice.get(bob.jid() + "/" + name).text("state")).isEqualTo("COMPLETE");
            assertThat(does(bob, "status")).contains("back-end mmap");
        } finally {
            bob.run("stop");
        }
        assertThat(Files.readString(bob.home().resolve("log/daemon.out")).lines())
                .as("what the daemon's process says beside its log")
                .allMatch(line -> line.equals("bitween: preparing a faster start, this once"));
    }

    private static Program started(Path folder, Path jdk, TestServer server, String person)
            throws IOException, InterruptedException {
        Program program = Program.initialised(
                folder,
                List.of("env", "JAVA_HOME=" + jdk),
                server.jid(person),
                server.at(person),
                server.caFile(person),
                "--allow",
                "loopback",
                "--listen",
                "loopback");
        does(program, "daemon");
        return program;
    }

    /** @return what it says, which is all: the JVM adds nothing */
    private static String does(Program program, String... command) throws IOException, InterruptedException {
        Program.Ended ended = program.run(command);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).doesNotContain("WARNING", "warning:");
        return ended.output();
    }

    private static void until(Program program, String seen, String... command) {
        Awaitility.await(seen)
                .atMost(PATIENCE)
                .until(() -> program.run(command).output().contains(seen));
    }

    /** As JAVA_HOME, JAVA_HOME_25_X64 and the like name them, and those of the system. */
    private static List<Path> others() throws IOException {
        TreeSet<Path> all = new TreeSet<>();
        for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
            if (variable.getKey().startsWith("JAVA_HOME")) {
                all.add(Path.of(variable.getValue()));
            }
        }
        Path system = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(system)) {
            try (Stream<Path> installed = Files.list(system)) {
                installed.forEach(all::add);
            }
        }
        TreeSet<Path> others = new TreeSet<>();
        for (Path jdk : all) {
            if (Files.isExecutable(jdk.resolve("bin/java")) && version(jdk) >= 17) {
                others.add(jdk.toRealPath());
            }
        }
        others.remove(Path.of(System.getProperty("java.home")).toRealPath());
        return List.copyOf(others);
    }

    /** @return 0 when it does not say */
    private static int version(Path jdk) throws IOException {
        Path release = jdk.resolve("release");
        Matcher found = VERSION.matcher(Files.isReadable(release) ? Files.readString(release) : "");
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }
}
