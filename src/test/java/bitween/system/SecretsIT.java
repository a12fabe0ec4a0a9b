package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.ExpectedErrors;
import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.Program.Ended;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password is in its own file and nowhere else, whatever is logged. */
@ExpectedErrors("WARN  \\[.*] AbstractXMPPConnection: ") // Smack, whose log is silenced elsewhere
class SecretsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final List<String> printed = new ArrayList<>();

    @Test
    void two_daemons_that_log_everything_leave_no_password_anywhere() throws Exception {
        Map<String, String> processes = new LinkedHashMap<>();
        Program alice;
        Program bob;
        Ended report;
        try (TestServer server = TestServer.start(directory, "alice", "bob")) {
            alice = Program.initialised(directory, server, "alice", server.at("alice"));
            bob = Program.initialised(directory, server, "bob", server.at("bob"));
            try {
                for (Program program : List.of(alice, bob)) {
                    start(program);
                    long pid = program.pid();
                    for (String what : List.of("cmdline", "environ")) {
                        processes.put(pid + " " + what, read(Path.of("/proc/" + pid + "/" + what)));
                    }
                }
                shareSomething(alice, bob);
                report = run(
                        alice,
                        "bugreport",
                        "-o",
                        directory.resolve("report.zip").toString());
            } finally {
                run(alice, "stop");
                run(bob, "stop");
            }
        }

        assertThat(report.exitCode()).as(report.output()).isZero();
        String told = unzipped(directory.resolve("report.zip"));
        assertThat(told)
                .contains(" TRACE ", "\"state\":\"SEEDING\"", "MailboxThread.run", "\"findings\"", "friend-1")
                .doesNotContain("alice", "bob", "file.bin", directory.toString())
                .doesNotContainPattern("[0-9a-f]{40}");
        assertThat(alice.log()).contains(" TRACE ", " DEBUG ");
        assertThat(processes)
                .hasSize(4)
                .allSatisfy((what, content) -> assertThat(content).isNotEmpty());
        for (String person : List.of("alice", "bob")) {
            for (String secret : spellings(person)) {
                assertThat(printed).noneMatch(output -> output.contains(secret));
                assertThat(processes)
                        .noneSatisfy((what, content) -> assertThat(content).contains(secret));
                assertThat(filesWith(secret)).isEmpty();
            }
        }
        assertThat(filesWith("alice@demo.test")).as("what would be found").isNotEmpty();
        assertThat(Files.readString(alice.home().resolve("password"))).contains("alice-secret");
    }

    private void shareSomething(Program alice, Program bob) throws Exception {
        Awaitility.await("both are online").atMost(SOON).until(() -> isOnline(alice) && isOnline(bob));
        run(alice, "friend", "add", "bob@" + TestServer.DOMAIN);
        Awaitility.await("bob is asked")
                .atMost(SOON)
                .until(() -> run(bob, "friends").output().contains("asks to be"));
        run(bob, "friend", "accept", "alice");
        Path file = Folders.file(directory.resolve("file.bin"), 100_000, 1);
        assertThat(run(alice, "share", file.toString(), "--to", "everyone").exitCode())
                .isZero();
        Awaitility.await("bob sees it")
                .atMost(SOON)
                .until(() -> run(bob, "ls", "alice").output().contains("file.bin"));
        assertThat(run(bob, "get", "alice/file.bin", "--wait").exitCode()).isZero();
    }

    private boolean isOnline(Program program) throws IOException, InterruptedException {
        return run(program, "status", "--json").output().contains("\"state\":\"ONLINE\"");
    }

    private Ended run(Program program, String... arguments) throws IOException, InterruptedException {
        Ended ended = program.run(arguments);
        printed.add(ended.output());
        return ended;
    }

    /** With a log of everything that anybody has to say. */
    private void start(Program program) throws IOException, InterruptedException {
        String config = Files.readString(Path.of("conf/log4j2.xml"))
                .replaceAll("(<(Logger|Root)\\b[^>]*level=\")[^\"]*\"", "$1trace\"");
        Path everything = Files.writeString(directory.resolve("everything.xml"), config);
        Ended started = Program.runToEnd(
                directory,
                "env",
                "JAVA_TOOL_OPTIONS=-Dlog4j2.configurationFile=" + everything,
                "scripts/bitween",
                "--home",
                program.home().toString(),
                "daemon");
        printed.add(started.output());
        assertThat(started.exitCode()).as(started.output()).isZero();
    }

    /** As it is, and as it goes over the wire. */
    private static List<String> spellings(String person) {
        String password = person + "-secret";
        return Stream.of(password, "\0" + person + "\0" + password)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .flatMap(bytes -> Stream.of(
                        new String(bytes, StandardCharsets.UTF_8),
                        Base64.getEncoder().withoutPadding().encodeToString(bytes),
                        HexFormat.of().formatHex(bytes)))
                .toList();
    }

    /** Of all that was written, but for where the password is kept and was given. */
    private List<Path> filesWith(String secret) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("password")
                        && !name.endsWith(".password")
                        && read(file).contains(secret)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private static String unzipped(Path file) throws IOException {
        StringBuilder all = new StringBuilder();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                all.append(new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
