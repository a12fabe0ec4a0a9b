package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is no friend, or no longer one, gets nothing, whatever they know. */
@Tag("xmpp-server")
@Tag("alone")
class StrangersIT {
    private static final int KNOCKS = 8;

    @TempDir
    Path directory;

    private TestServer server;
    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        server = TestServer.start(directory, "alice", "bob");
        alice = TestDaemon.create(directory, server, "alice", Map.of("network.upload_bytes_per_second", 1_500_000));
        bob = TestDaemon.started(directory, server, "bob");
        alice.start();
        alice.befriend(bob);
    }

    @AfterEach
    void stop() throws IOException {
        alice.close();
        bob.close();
        server.close();
    }

    @Test
    void who_knows_the_hash_and_the_port_gets_no_byte_of_bittorrent_and_friends_do_not_notice() throws IOException {
        Path file = Folders.file(directory.resolve("film.bin"), 4_000_000, 1);
        Answer share = alice.share(file);
        bob.untilListed(alice, "film.bin");
        int port = Math.toIntExact(alice.call("status").view("engine").number("port"));
        byte[] handshake = handshake(share.text("hash"));

        Answer job = bob.want("alice/film.bin");
        List<byte[]> answers = new ArrayList<>();
        for (int i = 0; i < KNOCKS; i++) {
            answers.add(knock(port, handshake));
            answers.add(knock(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            answers.add(knock(port, new byte[] {22, 3, 1, 0, 1, 1}));
        }
        Answer done = bob.settled(job);

        assertThat(answers)
                .allSatisfy(answer -> assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                        .doesNotContain("BitTorrent")
                        .hasSizeLessThan(64)); // a TLS alert at most
        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"friend.rm", "block"})
    void a_friend_who_is_removed_in_the_middle_is_cut_off_at_once_and_for_good(String method) throws IOException {
        Path file = Folders.file(directory.resolve("long.bin"), 30_000_000, 2);
        Answer share = alice.share(file, "everyone", bob.jid());
        bob.untilListed(alice, "long.bin");
        Answer job = bob.want("alice/long.bin");
        bob.until(
                "transfer.wait",
                Map.of("id", job.number("id"), "timeoutMs", 100),
                answer -> answer.number("doneBytes") > 2_000_000);

        long removed = System.nanoTime();
        alice.call(method, Map.of("jid", bob.jid()));
        alice.until(
                "info",
                Map.of("name", "long.bin"),
                info -> info.view("transfer").views("peers").isEmpty());
        Duration took = Duration.ofNanos(System.nanoTime() - removed);

        assertThat(took).isLessThan(Duration.ofSeconds(4)); // 2 s, and the second in which figures are renewed
        awaitThatNoByteMoves(share);
        bob.until("friends", Map.of(), friends -> isTold(friends)); // by the server
        alice.stop();
        alice.start();
        alice.untilOnline();
        bob.call("friend.add", Map.of("jid", alice.jid()));
        List<String> asked = method.equals("block") ? List.of() : List.of(bob.jid());
        alice.until("friends", Map.of(), friends -> friends.texts("pending").equals(asked));
        awaitThatNoByteMoves(share);
        assertThat(bob.call("transfer.wait", Map.of("id", job.number("id"), "timeoutMs", 1))
                        .text("state"))
                .isNotEqualTo("COMPLETE");
        assertThat(alice.call("info", Map.of("name", "long.bin"))
                        .view("transfer")
                        .texts("audience"))
                .containsExactly("everyone");
        Answer friends = alice.call("friends");
        assertThat(friends.texts("pending")).isEqualTo(asked);
        assertThat(friends.views("friends").stream().map(friend -> friend.text("jid")))
                .doesNotContain(bob.jid());
    }

    private boolean isTold(Answer friends) {
        return friends.views("friends").stream()
                .filter(friend -> friend.text("jid").equals(alice.jid()))
                .anyMatch(friend -> friend.text("subscription").equals("NONE"));
    }

    private void awaitThatNoByteMoves(Answer share) {
        AtomicLong sent = new AtomicLong(uploaded(share));
        Awaitility.await("no byte more")
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    long now = uploaded(share);
                    return sent.getAndSet(now) == now;
                });
    }

    private long uploaded(Answer share) {
        return alice.call("info", Map.of("name", share.text("name")))
                .view("transfer")
                .number("uploadedBytes");
    }

    /** @return what is answered within a second, or until the other side has enough */
    private static byte[] knock(int port, byte[] says) throws IOException {
        ByteArrayOutputStream answered = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(says);
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                answered.write(next);
            }
        } catch (SocketTimeoutException | SocketException e) {
            return answered.toByteArray(); // silence, or a reset: both are no answer
        }
        return answered.toByteArray();
    }

    private static byte[] handshake(String hash) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(new byte[8]);
        bytes.write(HexFormat.of().parseHex(hash));
        bytes.write("-XX0000-stranger1234".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
