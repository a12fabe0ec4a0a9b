package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Returns;
import bitween.testing.TcpProxy;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What breaks between a daemon and its server, and how long after the end of that the daemon is back. What does not end by itself: {@link LockedOutIT}. */
@Tag("xmpp-server")
@Timeout(1_800)
class ResilienceIT {
    private static final boolean LONG = Boolean.getBoolean("bitween.long");
    private static final Duration STORM = LONG ? Duration.ofMinutes(10) : Duration.ofSeconds(20);
    private static final int FILE_BYTES = 6_000_000;

    /** Loopback is all that a test's daemon has, so who does not allow it has the server alone to speak through. */
    private static final List<String> UNREACHABLE = List.of();

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private final Random random = new Random(20);

    @BeforeEach
    void start() throws IOException {
        people = People.on(directory, "alice", "bob");
    }

    @Test
    void a_server_that_is_killed_finds_both_back_once_it_is() throws IOException {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        Returns online = new Returns("online again after the server was killed");
        Returns seen = new Returns("seen by the friend again");

        for (int outage : LONG ? new int[] {0, 1, 3, 10, 30, 60, 120, 240} : new int[] {0, 2, 4}) {
            Instant began = Instant.now();
            people.server().kill();
            pass(Duration.ofSeconds(outage));
            people.server().restart();
            long back = System.nanoTime();

            untilOnlineSince(began, alice);
            online.add(back);
            bob.until("friends", Map.of(), friends -> TestDaemon.seesPresence(friends, alice.jid()));
            alice.until("friends", Map.of(), friends -> TestDaemon.seesPresence(friends, bob.jid()));
            seen.add(back);
        }

        online.verify();
        seen.verify();
    }

    @Test
    void a_connection_that_is_reset_is_followed_by_another() throws IOException {
        try (TcpProxy network = TcpProxy.to(people.server().at("alice"))) {
            TestDaemon alice = people.start("alice", through(network));
            alice.untilOnline();
            Returns online = new Returns("online again after a reset");

            for (int i = 0; i < (LONG ? 100 : 5); i++) {
                Instant began = Instant.now();
                network.reset();
                long back = System.nanoTime();
                untilOnlineSince(began, alice);
                online.add(back);
            }

            online.verify();
        }
    }

    @Test
    void who_is_shown_the_door_at_once_again_and_again_comes_back_when_let_in() throws IOException {
        try (TcpProxy network = TcpProxy.to(people.server().at("alice"))) {
            TestDaemon alice = people.start("alice", through(network));
            alice.untilOnline();
            Returns online = new Returns("online again after connections were closed at once");

            for (int i = 0; i < (LONG ? 20 : 2); i++) {
                Instant began = Instant.now();
                network.closesAtOnce(true);
                network.reset();
                Answer status = alice.until(
                        "status", Map.of(), now -> error(now).text("code").equals("XMPP_UNREACHABLE"));
                assertThat(error(status).text("hint")).isEqualTo("bitween keeps trying");
                pass(LONG ? Duration.ofSeconds(random.nextInt(90)) : Duration.ofSeconds(3));
                network.closesAtOnce(false);
                long back = System.nanoTime();
                untilOnlineSince(began, alice);
                online.add(back);
            }

            online.verify();
        }
    }

    /** In the short form each hole is over before anybody gives up; in the long one the daemon does, and logs in again. */
    @Test
    void words_that_are_held_back_one_way_or_both_arrive_or_are_said_again() throws IOException {
        try (TcpProxy network = TcpProxy.to(people.server().at("alice"))) {
            TestDaemon alice = people.start("alice", Map.of("xmpp.server", at(network), "network.allow", UNREACHABLE));
            TestDaemon bob = people.start("bob", Map.of("network.allow", UNREACHABLE));
            alice.befriend(bob);
            Returns heard = new Returns("heard again after a cut one way or both");
            Runnable toServer = network::holdToServer;
            Runnable toClient = network::holdToClient;
            Runnable both = () -> {
                network.holdToServer();
                network.holdToClient();
            };

            int files = 0;
            for (Runnable cut : List.of(toServer, toClient, both)) {
                cut.run();
                String file = "new" + files++ + ".bin";
                alice.share(Folders.file(directory.resolve(file), 1_000, files));
                pass(LONG ? Duration.ofSeconds(70) : Duration.ofSeconds(2));
                network.release();
                long back = System.nanoTime();
                bob.untilListed(alice, file);
                alice.until("friends", Map.of(), friends -> TestDaemon.seesPresence(friends, bob.jid()));
                bob.until("friends", Map.of(), friends -> TestDaemon.seesPresence(friends, alice.jid()));
                alice.untilOnline();
                heard.add(back);
            }
            heard.verify();
        }
    }

    /** As when a router forgets it, which takes another at once: nobody is told. */
    @Test
    void a_connection_that_carries_nothing_any_more_is_followed_by_another() throws IOException {
        try (TcpProxy network = TcpProxy.to(people.server().at("alice"))) {
            TestDaemon alice = people.start("alice", through(network));
            TestDaemon bob = people.start("bob");
            alice.befriend(bob);
            Returns online = new Returns("online again after a connection was forgotten");

            for (int i = 0; i < (LONG ? 20 : 1); i++) {
                pass(Duration.ofMillis(LONG ? random.nextInt(10_000) : 0));
                Instant began = Instant.now();
                long back = System.nanoTime();
                network.lose();
                untilOnlineSince(began, alice);
                online.add(back);
                alice.until("friends", Map.of(), friends -> TestDaemon.seesPresence(friends, bob.jid()));
            }

            online.verify();
        }
    }

    @Test
    void a_storm_of_resets_is_weathered_and_a_transfer_goes_on_in_it() throws IOException {
        try (TcpProxy alices = TcpProxy.to(people.server().at("alice"));
                TcpProxy bobs = TcpProxy.to(people.server().at("bob"))) {
            long rate = FILE_BYTES / STORM.toSeconds();
            TestDaemon alice =
                    people.start("alice", Map.of("xmpp.server", at(alices), "network.upload_bytes_per_second", rate));
            TestDaemon bob = people.start("bob", through(bobs));
            alice.befriend(bob);
            Path file = Folders.file(directory.resolve("long.bin"), FILE_BYTES, 4);
            alice.share(file);
            bob.untilListed(alice, "long.bin");
            Answer job = bob.want("alice/long.bin");

            Returns online = new Returns("online again after " + STORM.toSeconds() + " s of resets");
            long end = System.nanoTime() + STORM.toNanos();
            Instant last = Instant.now();
            int resets = 0;
            while (System.nanoTime() < end) {
                pass(Duration.ofMillis(1_000 + random.nextInt(4_000)));
                last = Instant.now();
                alices.reset();
                bobs.reset();
                resets++;
            }
            long over = System.nanoTime();
            long doneBytes = bob.call("transfer.wait", Map.of("id", job.number("id"), "timeoutMs", 1))
                    .number("doneBytes");

            untilOnlineSince(last, alice);
            online.add(over);
            untilOnlineSince(last, bob);
            online.add(over);
            System.out.println(resets + " resets, " + doneBytes + " bytes came meanwhile"); // failsafe keeps it
            assertThat(doneBytes).isGreaterThan(FILE_BYTES / 3);
            assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
            assertThat(bob.downloads().resolve("long.bin")).hasSameBinaryContentAs(file);
            online.verify();
        }
    }

    private static void pass(Duration time) {
        if (!time.isZero()) {
            Awaitility.await().atMost(time.plusSeconds(10)).pollDelay(time).until(() -> true);
        }
    }

    private static Map<String, Object> through(TcpProxy network) {
        return Map.of("xmpp.server", at(network));
    }

    private static String at(TcpProxy network) {
        return "127.0.0.1:" + network.port();
    }

    private static Answer error(Answer status) {
        return status.view("xmpp").view("error");
    }

    /** Until then it may not know yet that it is offline. */
    private static void untilOnlineSince(Instant began, TestDaemon daemon) {
        daemon.until(
                "status",
                Map.of(),
                status -> status.view("xmpp").text("state").equals("ONLINE")
                        && status.view("xmpp").instant("since").orElseThrow().isAfter(began));
    }
}
