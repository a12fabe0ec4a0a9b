package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.Program;
import bitween.testing.Returns;
import bitween.testing.TcpProxy;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that dies without a good-bye. */
@Tag("xmpp-server")
class SilenceIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern DEVICE = Pattern.compile("\"device\":\"bitween-[0-9a-f]+\"");

    @TempDir
    Path directory;

    @Test
    void a_killed_device_that_its_server_still_sees_is_away_within_a_minute_and_back_when_it_starts_again()
            throws Exception {
        try (TestServer server = TestServer.start(directory, "alice", "bob");
                TcpProxy network = TcpProxy.to(server.at("bob"));
                TestDaemon alice = TestDaemon.started(directory, server, "alice")) {
            Program bob = Program.initialised(directory, server, "bob", "127.0.0.1:" + network.port());
            try {
                assertThat(bob.run("daemon").exitCode()).isZero();
                befriend(alice, bob);
                long pid = bob.pid();
                String address = address(bob);

                Program.kill("KILL", pid);
                long died = System.nanoTime();
                alice.until("friends", Map.of(), friends -> !TestDaemon.seesOnline(friends, bob.jid()));
                Duration noticed = Duration.ofNanos(System.nanoTime() - died);
                Returns seen = new Returns("seen again, having replaced its own ghost,");
                assertThat(bob.run("daemon").exitCode()).isZero();
                long started = System.nanoTime();

                assertThat(noticed).isBetween(Duration.ofSeconds(5), LIMIT);
                alice.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, bob.jid()));
                seen.add(started);
                assertThat(address(bob)).isEqualTo(address);
                seen.verify();
            } finally {
                bob.run("stop");
            }
        }
    }

    /** As its server bound it: the ghost had the same. */
    private static String address(Program bob) throws Exception {
        Matcher device = DEVICE.matcher(bob.run("status", "--json").output());
        assertThat(device.find()).isTrue();
        return device.group();
    }

    private static void befriend(TestDaemon alice, Program bob) {
        alice.untilOnline();
        alice.call("friend.add", Map.of("jid", bob.jid()));
        Awaitility.await("bob can accept")
                .atMost(LIMIT)
                .until(() -> bob.run("friend", "accept", alice.jid()).exitCode() == 0);
        alice.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, bob.jid()));
    }
}
