package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.link.Taker;
import bitween.link.Taker.Target;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice shares with bob. Whoever may not have it has keys, addresses and the info-hash, and a program that does not ask its own daemon whether it may. */
@Timeout(60)
@Tag("alone")
class CutOffIT {
    private static final int PIECE = 256 << 10;
    private static final int PIECES = 40;
    private static final int SIZE = PIECES * PIECE;
    /** Half of it takes longer than {@link #LIMIT}. */
    private static final int RATE = 2_000_000;

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int RETRIES = 100;

    @TempDir
    Path directory;

    private TestServer server;
    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        server = TestServer.start(directory, "alice", "bob", "carol");
        alice = TestDaemon.create(directory, server, "alice", Map.of("network.upload_bytes_per_second", RATE))
                .start();
        bob = TestDaemon.started(directory, server, "bob");
        alice.befriend(bob);
    }

    @AfterEach
    void stop() throws IOException {
        bob.close();
        alice.close();
        server.close();
    }

    @Tag("xmpp-server")
    @ParameterizedTest
    @ValueSource(strings = {"friend.rm", "block", "share.revoke"})
    void who_is_removed_at_half_gets_the_last_byte_within_2_s_and_none_in_100_retries(String method)
            throws IOException {
        Target film = film();
        try (Taker taker = Taker.start(bob.home().deviceKey(), film)) {
            until("half of it is there", () -> taker.taken() >= SIZE / 2);

            long removed = System.nanoTime();
            alice.call(
                    method,
                    method.equals("share.revoke")
                            ? Map.of("name", "film.bin", "from", List.of("bob"))
                            : Map.of("jid", bob.jid()));
            until("he is sent away", taker::hasEnded);
            Duration lastByte = Duration.ofNanos(Math.max(0, taker.lastByteNs() - removed));

            System.out.println(method + ": the last byte came after " + lastByte); // failsafe keeps it with the result
            assertThat(lastByte).isLessThan(LIMIT);
            assertThat(taker.taken()).isLessThan(SIZE);
        }
        int told = 0;
        for (int i = 0; i < RETRIES; i++) {
            told += Taker.knock(bob.home().deviceKey(), film);
        }
        assertThat(told).isZero();
    }

    @Test
    void who_is_removed_while_the_server_answers_nothing_gets_the_last_byte_within_2_s_and_is_told_after_a_restart()
            throws IOException {
        Target film = film();
        try (Taker taker = Taker.start(bob.home().deviceKey(), film)) {
            until("half of it is there", () -> taker.taken() >= SIZE / 2);
            server.embedded().swallow(stanza -> stanza.contains("subscription='remove'"));

            long removed = System.nanoTime();
            alice.call("friend.rm", Map.of("jid", bob.jid()));
            until("he is sent away", taker::hasEnded);

            assertThat(Duration.ofNanos(Math.max(0, taker.lastByteNs() - removed)))
                    .isLessThan(LIMIT);
            assertThat(taker.taken()).isLessThan(SIZE);
        }
        assertThat(Taker.knock(bob.home().deviceKey(), film)).isZero();
        assertThat(bob.call("friends").views("friends"))
                .as("he does not know yet")
                .hasSize(1);
        alice.stop();

        server.embedded().swallow(stanza -> false);
        alice.start();

        bob.until(
                "friends",
                Map.of(),
                friends -> friends.views("friends").stream()
                        .noneMatch(friend -> friend.text("subscription").equals("BOTH")));
    }

    @Tag("xmpp-server")
    @Test
    void neither_a_friend_without_a_grant_nor_an_own_device_that_nobody_trusts_gets_a_byte() throws IOException {
        Target film = film();
        try (TestDaemon carol = TestDaemon.started(directory, server, "carol");
                TestDaemon desk = TestDaemon.create(directory.resolve("desk"), server, "alice", Map.of())) {
            alice.befriend(carol);
            desk.start();
            alice.until("friends", Map.of(), friends -> holds(friends, alice.jid()));
            Answer carols = carol.want(film.hash());
            Answer desks = desk.want(film.hash());

            int told = 0;
            for (int i = 0; i < RETRIES; i++) {
                told += Taker.knock(carol.home().deviceKey(), film);
                told += Taker.knock(desk.home().deviceKey(), film);
            }

            assertThat(told).isZero();
            assertThat(Taker.knock(bob.home().deviceKey(), film)).isPositive();
            assertThat(done(carol, carols)).isZero();
            assertThat(done(desk, desks)).isZero();
            assertThat(alice.call("info", Map.of("name", "film.bin"))
                            .view("transfer")
                            .number("uploadedBytes"))
                    .isZero();
        }
    }

    /** Alice shares it with bob, and this is all that one has to know of it. */
    private Target film() throws IOException {
        Answer share = alice.share(Folders.file(directory.resolve("film.bin"), SIZE, 1), bob.jid());
        bob.untilListed(alice, "film.bin");
        String owner = bob.call("friends")
                .views("friends")
                .get(0)
                .views("devices")
                .get(0)
                .text("id");
        long port = alice.call("status").view("engine").number("port");
        return new Target(owner, "127.0.0.1:" + port, share.text("hash"), PIECES, PIECE);
    }

    private static long done(TestDaemon daemon, Answer job) {
        return daemon.call("transfer.get", Map.of("name", "#" + job.number("id")))
                .number("doneBytes");
    }

    /** Whether a device of theirs waits to be trusted. */
    private static boolean holds(Answer friends, String jid) {
        return friends.views("friends").stream()
                .filter(friend -> friend.text("jid").equals(jid))
                .flatMap(friend -> friend.views("devices").stream())
                .anyMatch(device -> device.has("held"));
    }

    private static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }
}
