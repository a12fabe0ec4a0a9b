package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons of which, but for two others, neither can be dialled, and a real server that lets 3 kB a second through. */
@Tag("xmpp-server")
@Timeout(240)
class SlowServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int FILES = 2_000;
    private static final Duration ALL_FOUND = Duration.ofSeconds(60);
    private static final int MANY = 100_000;
    /** Loopback is all that a test's daemon has, so who does not allow it announces no address and dials none. */
    private static final Map<String, Object> UNREACHABLE = Map.of("network.allow", List.of());

    @TempDir
    Path directory;

    private TestServer server;
    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        server = TestServer.startSlow(directory, "alice", "bob", "carol", "dave");
        alice = TestDaemon.create(directory, server, "alice", UNREACHABLE).start();
        bob = TestDaemon.create(directory, server, "bob", UNREACHABLE).start();
        alice.befriend(bob);
    }

    @AfterEach
    void stop() throws IOException {
        if (bob != null) { // null where the test is skipped, and so are the others
            bob.close();
        }
        if (alice != null) {
            alice.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void a_friend_is_browsed_within_20_s_of_coming_online() throws IOException {
        bob.stop(); // he knows nothing of it yet
        alice.share(Folders.file(directory.resolve("film.bin"), 100_000, 1));
        alice.share(photos());

        long begin = System.nanoTime();
        bob.start();
        bob.untilListed(alice, "Photos");
        Duration listed = Duration.ofNanos(System.nanoTime() - begin);
        Answer inside = bob.call("ls", Map.of("path", alice.jid() + "/Photos"));
        Duration browsed = Duration.ofNanos(System.nanoTime() - begin);

        System.out.println("listed after " + listed + ", looked inside after " + browsed); // failsafe keeps it
        assertThat(inside.fields().toString()).contains("photo 0 ");
        bob.until("friends", Map.of(), SlowServerIT::isInBand);
        alice.until("friends", Map.of(), SlowServerIT::isInBand);
        assertThat(browsed).isLessThan(LIMIT);
    }

    /** Presence passes the server, and the names do not. */
    @Test
    void each_of_100000_files_is_found_by_name_within_60_s_of_being_shared_where_there_is_a_direct_link()
            throws IOException {
        Path archive = directory.resolve("Archive");
        for (int i = 0; i < MANY; i++) {
            Folders.file(archive.resolve("folder " + i / 1_000).resolve("record " + i), 10, i);
        }
        try (TestDaemon carol = TestDaemon.started(directory, server, "carol");
                TestDaemon dave = TestDaemon.started(directory, server, "dave")) {
            carol.befriend(dave);
            carol.share(archive);

            long begin = System.nanoTime();
            dave.untilListed(carol, "Archive");
            dave.until(
                    "find",
                    Map.of("words", "record " + (MANY - 1)),
                    found -> !found.views("found").isEmpty());
            Duration found = Duration.ofNanos(System.nanoTime() - begin);

            System.out.println("the last of " + MANY + " found after " + found); // failsafe keeps it
            assertThat(found).isLessThan(ALL_FOUND);
        }
    }

    /** Enough names that the burst of 20 kB, which the server lets through at once, does not do. */
    private Path photos() throws IOException {
        Path folder = directory.resolve("Photos");
        Random random = new Random(2);
        for (int i = 0; i < FILES; i++) {
            Folders.file(folder.resolve("photo " + i + " " + Long.toHexString(random.nextLong())), 10, i);
        }
        return folder;
    }

    private static boolean isInBand(Answer friends) {
        return friends.views("friends").stream()
                .flatMap(friend -> friend.views("devices").stream())
                .anyMatch(device -> device.has("path") && device.text("path").equals("IN_BAND"));
    }
}
