package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.model.Fingerprint;
import bitween.model.PeerAddress;
import bitween.testing.Folders;
import bitween.testing.Meter;
import bitween.testing.Program;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon as a person runs it, a friend who gets something from it, and a thousand others who all know the port and the info-hash. */
@Timeout(240)
@Tag("alone")
class ThousandStrangersIT {
    private static final Logger log = LogManager.getLogger(ThousandStrangersIT.class);
    private static final int STRANGERS = 1_000;
    private static final int AT_ONCE = 100;
    private static final long RATE = 2_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Without the shared file, which is mapped. */
    private static final Pattern RESIDENT = Pattern.compile("RssAnon:\\s+(\\d+) kB");

    private static final String ALICE = "alice@" + TestServer.DOMAIN;

    @TempDir
    Path directory;

    private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();

    /** One kind of stranger: comes, tries, and stays until it is sent away or has had enough. */
    private interface Kind {
        /** @return how many bytes it was told beyond TLS's own */
        int come(PeerAddress door) throws IOException;
    }

    @Test
    void get_no_byte_and_cost_the_friend_nothing() throws Exception {
        try (TestServer server = TestServer.start(directory, "alice", "bob");
                TestDaemon bob = TestDaemon.create(
                        directory, server, "bob", Map.of("network.download_bytes_per_second", RATE))) {
            bob.start();
            Program alice = Program.initialised(directory, server, "alice", server.at("alice"));
            try {
                assertThat(alice.run("daemon").exitCode()).isZero();
                befriend(alice, bob);
                Path film = Folders.file(directory.resolve("film.bin"), 100_000_000, 1);
                assertThat(alice.run("share", film.toString(), "--to", "everyone")
                                .exitCode())
                        .isZero();
                bob.until(
                        "ls",
                        Map.of("path", ALICE),
                        answer -> answer.fields().toString().contains("film.bin"));
                comeAll(alice, bob);
            } finally {
                alice.run("stop");
            }
        }
    }

    private static void befriend(Program alice, TestDaemon bob) {
        bob.untilOnline();
        bob.call("friend.add", Map.of("jid", ALICE));
        Awaitility.await("alice can accept")
                .atMost(LIMIT)
                .until(() -> alice.run("friend", "accept", bob.jid()).exitCode() == 0);
        bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, ALICE));
    }

    private void comeAll(Program alice, TestDaemon bob) throws Exception {
        Answer job = bob.want(ALICE + "/film.bin");
        until(bob, job, RATE);
        long pid = alice.pid();
        String status = alice.run("status", "--json").output();
        PeerAddress door = PeerAddress.parse("127.0.0.1:" + number(status, "\"port\":(\\d+)"));
        Fingerprint aliceKey = new Fingerprint(bob.call("friends")
                .views("friends")
                .get(0)
                .views("devices")
                .get(0)
                .text("id"));
        String hash =
                bob.call("info", Map.of("name", "film.bin")).view("transfer").text("hash");
        Map<String, Kind> kinds = kinds(aliceKey, hash);
        // the first of each kind make the JVM load what it needs for them
        come(kinds, door, AT_ONCE);
        long residentBefore = residentKb(pid);

        Meter meter = new Meter(bob, job);
        Meter.Mark before = meter.next();
        long begin = System.nanoTime();
        come(kinds, door, STRANGERS);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        long rate = meter.next().bytesPerSecondSince(before);

        log.info(
                "{} strangers in {} ms: the friend got {} of {} B/s, and from {} kB the daemon grew to {} kB",
                STRANGERS,
                took.toMillis(),
                rate,
                RATE,
                residentBefore,
                residentKb(pid));
        assertThat(answered).isEmpty();
        assertThat(rate).isGreaterThan(RATE * 9 / 10);
        assertThat(residentKb(pid) - residentBefore).isLessThan(20_000);
        assertThat(alice.log()).doesNotContain("ERROR");
    }

    private void come(Map<String, Kind> kinds, PeerAddress door, int strangers) throws Exception {
        List<Map.Entry<String, Kind>> all = List.copyOf(kinds.entrySet());
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> comings = new ArrayList<>();
            for (int i = 0; i < strangers; i++) {
                Map.Entry<String, Kind> kind = all.get(i % all.size());
                comings.add(threads.submit(() -> come(kind, door)));
            }
            for (Future<?> coming : comings) {
                coming.get(2, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void come(Map.Entry<String, Kind> kind, PeerAddress door) {
        try {
            if (kind.getValue().come(door) > 0) {
                answered.computeIfAbsent(kind.getKey(), none -> new AtomicInteger())
                        .incrementAndGet();
            }
        } catch (IOException e) {
            assertThat(e).as(kind.getKey()).isNotNull(); // refused, reset, or an alert: all are no answer
        }
    }

    private static Map<String, Kind> kinds(Fingerprint key, String hash) {
        byte[] handshake = ByteBuffer.allocate(PeerHandshake.BYTES)
                .put("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1))
                .put(new byte[8])
                .put(HexFormat.of().parseHex(hash))
                .put("-XX0000-stranger1234".getBytes(StandardCharsets.US_ASCII))
                .array();
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put("no certificate", secret(key, () -> HostileTls.without("none"), handshake));
        kinds.put("another key", secret(key, () -> Tls.jdk(DeviceKey.create()), handshake));
        OwnCertificate expired =
                Keytool.certificate("-keyalg", "EC", "-groupname", "secp256r1", "-startdate", "-10d", "-validity", "1");
        OwnCertificate rsa = Keytool.certificate("-keyalg", "RSA");
        DeviceKey own = DeviceKey.create();
        kinds.put("expired", secret(key, () -> HostileTls.showing("expired", expired), handshake));
        kinds.put("RSA", secret(key, () -> HostileTls.showing("RSA", rsa), handshake));
        kinds.put("TLS 1.2", secret(key, () -> HostileTls.speaking("1.2", own, "TLSv1.2", Tls.PROTOCOL), handshake));
        kinds.put("BitTorrent", plain(handshake));
        byte[] random = new byte[96 + 300];
        new java.util.Random(1).nextBytes(random);
        kinds.put("encrypted BitTorrent", plain(random));
        kinds.put("HTTP", plain("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        kinds.put("silence", plain(new byte[0]));
        kinds.put("slow", ThousandStrangersIT::slowly);
        return kinds;
    }

    /** Speaks TLS, and then BitTorrent inside. */
    private static Kind secret(Fingerprint key, Supplier<Tls> tls, byte[] says) {
        return door -> {
            try (SecureChannel channel = SecureChannel.dial(TcpPipe.dial(door, LIMIT), tls.get(), key)) {
                channel.write(ByteBuffer.wrap(new byte[] {Purpose.PEER.sign()}));
                channel.write(ByteBuffer.wrap(says));
                return Math.max(0, channel.read(ByteBuffer.allocate(SecureChannel.BUFFER_BYTES)));
            }
        };
    }

    private static Kind plain(byte[] says) {
        return door -> {
            try (TcpPipe pipe = TcpPipe.dial(door, LIMIT)) {
                pipe.write(ByteBuffer.wrap(says));
                return heard(pipe);
            }
        };
    }

    /** A byte of a greeting, and then another, for as long as it is let. */
    private static int slowly(PeerAddress door) throws IOException {
        try (TcpPipe pipe = TcpPipe.dial(door, LIMIT)) {
            byte[] greeting = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
            for (byte next : greeting) {
                pipe.write(ByteBuffer.wrap(new byte[] {next}));
                java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            return heard(pipe);
        }
    }

    /** Until the other end closes, which a TLS alert may precede. */
    private static int heard(TcpPipe pipe) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(1_000);
        while (all.hasRemaining() && pipe.read(all) >= 0) {
            // more
        }
        boolean alert = all.position() == 7 && all.get(0) == 21;
        return alert ? 0 : all.position();
    }

    private static void until(TestDaemon bob, Answer job, long bytes) {
        bob.until(
                "transfer.wait",
                Map.of("id", job.number("id"), "timeoutMs", 100),
                answer -> answer.number("doneBytes") > bytes);
    }

    private static long residentKb(long pid) throws IOException {
        return number(Files.readString(Path.of("/proc/" + pid + "/status")), RESIDENT.pattern());
    }

    private static long number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
