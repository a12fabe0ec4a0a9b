package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.Returns;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two people whose accounts are at different servers. All that {@code xmpp-server} stands at runs so with {@code scripts/test --servers KIND}. */
@Tag("xmpp-server")
@Timeout(180)
class FederationIT {
    /** As of a device that dies. */
    private static final Duration NOTICED = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"federated", "dialback", "mixed"})
    void friends_at_two_servers_share_get_and_see_each_other_come_and_go(String kind) throws IOException {
        assumeRealServers();
        Path film = Folders.file(directory.resolve("film.bin"), 5_000_000, 1);
        try (TestServer servers = TestServer.federation(kind, directory, "alice", "bob");
                TestDaemon alice = TestDaemon.started(directory, servers, "alice");
                TestDaemon bob = TestDaemon.started(directory, servers, "bob")) {
            assertThat(alice.jid()).endsWith("@demo.test");
            assertThat(bob.jid()).endsWith("@other.test");
            alice.befriend(bob);
            alice.share(film);
            bob.untilListed(alice, "film.bin");

            Answer job = bob.get(alice.jid() + "/film.bin");

            assertThat(job.text("state")).isEqualTo("COMPLETE");
            assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
            bob.stop();
            alice.until("friends", Map.of(), friends -> !TestDaemon.seesOnline(friends, bob.jid()));
            bob.start();
            alice.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, bob.jid()));
        }
    }

    /** Neither can dial the other: a direct link would stay, and who has one is in reach. */
    @ParameterizedTest
    @ValueSource(strings = {"federated", "dialback", "mixed"})
    void a_friend_whose_server_dies_is_away_and_is_back_soon_after_it(String kind) throws IOException {
        assumeRealServers();
        try (TestServer servers = TestServer.federation(kind, directory, "alice", "bob");
                TestDaemon alice = TestDaemon.started(directory, servers, "alice");
                TestDaemon bob = TestDaemon.create(directory, servers, "bob", Map.of("network.allow", List.of()))) {
            bob.start();
            alice.befriend(bob);
            servers.kill("bob");
            long died = System.nanoTime();
            alice.until("friends", Map.of(), friends -> !TestDaemon.seesOnline(friends, bob.jid()));
            Duration noticed = Duration.ofNanos(System.nanoTime() - died);
            System.out.println(kind + ": a friend whose server died was away after " + noticed.toMillis() + " ms");
            assertThat(noticed).isLessThan(NOTICED);
            assertThat(state(alice)).isEqualTo("ONLINE");

            Returns back = new Returns("seen again after the friend's server came back");
            servers.restart("bob");
            long up = System.nanoTime();
            untilSeen(bob, alice);
            untilSeen(alice, bob);
            back.add(up);
            back.verify();
        }
    }

    private static void untilSeen(TestDaemon who, TestDaemon friend) {
        who.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, friend.jid()));
    }

    private static String state(TestDaemon daemon) {
        return daemon.call("status").view("xmpp").text("state");
    }

    private static void assumeRealServers() {
        assumeTrue(
                !System.getProperty("bitween.xmpp", "embedded").equals("embedded"),
                "real servers are tried with: scripts/test --servers");
    }
}
