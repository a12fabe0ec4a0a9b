package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bob's clock jumps, as that of a machine whose battery is empty, and back, while he gets something. */
@Tag("faults")
class ClockIT {
    private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final Pattern DONE = Pattern.compile("\"doneBytes\":(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** So that it comes for longer than all commands of the test take. */
    private static final int FILM_BYTES = 120_000_000;

    @TempDir
    Path directory;

    @Test
    void a_transfer_comes_to_its_right_end_and_nothing_is_lost_whatever_the_clock_says() throws Exception {
        assumeTrue(Files.exists(LIBRARY), "libfaketime is missing");
        Path offset = offset();
        clockSays("+0");
        try (TestServer server = TestServer.start(directory, "alice", "bob");
                TestDaemon alice = TestDaemon.started(directory, server, "alice")) {
            Path film = Folders.file(directory.resolve("film.bin"), FILM_BYTES, 1);
            alice.share(film);
            Program bob = Program.initialised(
                    directory,
                    List.of(
                            "env",
                            "LD_PRELOAD=" + LIBRARY,
                            "FAKETIME_TIMESTAMP_FILE=" + offset,
                            "FAKETIME_CACHE_DURATION=1",
                            "FAKETIME_FORCE_MONOTONIC_FIX=0", // else each timed wait of the JVM takes its time several
                            // times
                            "FAKETIME_DONT_FAKE_MONOTONIC=1"),
                    server.jid("bob"),
                    server.at("bob"),
                    server.caFile("bob"),
                    "--allow",
                    "loopback",
                    "--listen",
                    "loopback");
            try {
                befriend(alice, bob);
                assertThat(bob.run("limit", "alice", "--down", "1000000").exitCode())
                        .isZero();
                assertThat(bob.run("get", "alice/film.bin").exitCode()).isZero();

                for (String jump : List.of("+400d", "-5y", "+0")) {
                    long before = done(bob);
                    clockSays(jump);
                    Awaitility.await("more comes at " + jump)
                            .atMost(PATIENCE)
                            .until(() -> done(bob) > before + 1_000_000);
                    Pattern says = Pattern.compile(
                            jump.equals("+0")
                                    ? "clock +ok"
                                    : "clock +FAILED +this machine's clock is \\d+ days (ahead of|behind) the server's");
                    Awaitility.await("the doctor knows of " + jump) // libfaketime looks once a second
                            .atMost(PATIENCE)
                            .until(() ->
                                    says.matcher(bob.run("doctor").output()).find());
                }
                assertThat(bob.run("limit", "alice", "--off").exitCode()).isZero();
                assertThat(bob.run("get", "alice/film.bin", "--wait", "--timeout", "60")
                                .exitCode())
                        .isZero();
                clockSays("-5y");
                bob.run("stop");
                bob.run("daemon");

                assertThat(bob.home().resolve("log/bitween.log"))
                        .as("the daemon's own clock")
                        .content()
                        .contains("\n"
                                + LocalDate.now(ZoneId.systemDefault())
                                        .minusYears(5)
                                        .getYear() + "-");
                assertThat(bob.run("jobs").output()).contains("film.bin").contains("complete");
                assertThat(bob.run("friends").output()).contains(alice.jid());
                assertThat(bob.home().resolve("downloads/film.bin")).hasSameBinaryContentAs(film);
            } finally {
                bob.run("stop");
            }
        }
    }

    private static void befriend(TestDaemon alice, Program bob) throws Exception {
        assertThat(bob.run("daemon").exitCode()).isZero();
        alice.untilOnline();
        Awaitility.await("bob is online")
                .atMost(PATIENCE)
                .until(() -> bob.run("status", "--json").output().contains("\"state\":\"ONLINE\""));
        assertThat(bob.run("friend", "add", alice.jid()).exitCode()).isZero();
        String jid = bob.jid();
        alice.until("friends", Map.of(), answer -> answer.fields().toString().contains(jid));
        alice.call("friend.accept", Map.of("jid", jid));
        Awaitility.await("bob sees the film")
                .atMost(PATIENCE)
                .until(() -> bob.run("ls", "alice").output().contains("film.bin"));
    }

    /** In one step: libfaketime may read it at any moment. */
    private void clockSays(String text) throws IOException {
        Path next = Files.writeString(directory.resolve("offset.new"), text + "\n");
        Files.move(next, offset(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path offset() {
        return directory.resolve("offset");
    }

    private static long done(Program bob) throws IOException, InterruptedException {
        Matcher found = DONE.matcher(bob.run("jobs", "--json").output());
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }
}
