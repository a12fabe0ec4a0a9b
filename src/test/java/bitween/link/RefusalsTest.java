package bitween.link;

import static bitween.link.Ends.ALICE;
import static bitween.link.Ends.BOB;
import static bitween.link.Ends.failureOf;
import static bitween.link.Ends.start;
import static bitween.link.SecureChannelTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Fingerprint;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Those who are not who they should be, at either end. */
class RefusalsTest {
    private static final DeviceKey MALLORY = DeviceKey.create();
    private static final OwnCertificate RSA = Keytool.certificate("-keyalg", "RSA", "-keysize", "2048");
    private static final OwnCertificate EXPIRED =
            Keytool.certificate("-keyalg", "EC", "-groupname", "secp256r1", "-startdate", "-30d", "-validity", "1");

    private final MemoryPipe[] pipes = MemoryPipe.pair(1_000_000);

    @ParameterizedTest
    @EnumSource
    void whoever_answers_with_another_key_is_refused(Engines engines) {
        try (Ends ends = Ends.over(engines.dialler(ALICE), engines.acceptor(MALLORY), pipes)) {
            assertThat(failureOf(ends.dialler()))
                    .isInstanceOf(StrangerException.class)
                    .hasMessage("refused who is at memory: its key "
                            + MALLORY.fingerprint().brief() + " is not pinned for this connection");
            assertThat(failureOf(ends.acceptor()))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StrangerException.class);
            assertThat(pipes).allMatch(MemoryPipe::isClosed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_dials_with_another_key_is_refused_and_learns_it_when_reading(Engines engines) {
        try (Ends ends = Ends.over(engines.dialler(MALLORY), engines.acceptor(BOB), pipes)) {
            assertThat(failureOf(ends.acceptor()))
                    .isInstanceOf(StrangerException.class)
                    .hasMessageContaining(MALLORY.fingerprint().brief());
            assertThat(pipes[1].isClosed()).isTrue();

            ByteBuffer target = ByteBuffer.allocate(100);
            assertThat(failureOf(ends.dialler().thenCompose(channel -> start(() -> channel.read(target)))))
                    .isInstanceOf(IOException.class);
            assertThat(target.position()).isZero();
        }
    }

    @ParameterizedTest(name = "{1} meets {0}")
    @MethodSource
    void whoever_shows_no_devices_certificate_is_refused_before_anybody_is_asked(
            Tls ours, HostileTls theirs, String reason) {
        CompletableFuture<SecureChannel> accepting =
                start(() -> SecureChannel.accept(pipes[1], ours, RefusalsTest::neverAsked));
        CompletableFuture<SecureChannel> dialling =
                start(() -> SecureChannel.dial(pipes[0], theirs, BOB.fingerprint()));

        assertThat(failureOf(accepting)).isInstanceOf(IOException.class).hasMessageContaining(reason);
        assertThat(pipes[1].isClosed()).isTrue();
        dialling.exceptionally(failure -> null).join();
    }

    static Stream<Arguments> whoever_shows_no_devices_certificate_is_refused_before_anybody_is_asked()
            throws GeneralSecurityException {
        return eachOfBobs(
                Arguments.of(HostileTls.without("no certificate"), ""),
                Arguments.of(HostileTls.showing("RSA", RSA), "its key is RSA, and no device's"),
                Arguments.of(HostileTls.showing("P-384", onP384()), "its key is EC, and no device's"),
                Arguments.of(
                        HostileTls.showing(
                                "two certificates",
                                new OwnCertificate(ALICE.privateKey(), ALICE.certificate(), MALLORY.certificate())),
                        "it shows 2 certificates"),
                Arguments.of(HostileTls.speaking("TLS 1.2", ALICE, "TLSv1.2", Tls.PROTOCOL), ""));
    }

    @ParameterizedTest(name = "{1} meets {0}")
    @MethodSource
    void whoever_speaks_another_protocol_is_refused(Tls ours, HostileTls theirs) {
        CompletableFuture<SecureChannel> accepting =
                start(() -> SecureChannel.accept(pipes[1], ours, RefusalsTest::anybody));
        CompletableFuture<SecureChannel> dialling =
                start(() -> SecureChannel.dial(pipes[0], theirs, BOB.fingerprint()));

        assertThat(failureOf(accepting)).isInstanceOf(IOException.class);
        assertThat(failureOf(dialling)).isInstanceOf(IOException.class);
    }

    static Stream<Arguments> whoever_speaks_another_protocol_is_refused() {
        return eachOfBobs(
                Arguments.of(HostileTls.speaking("HTTP/2", ALICE, "TLSv1.3", "h2")),
                Arguments.of(HostileTls.speaking("no protocol", ALICE, "TLSv1.3")));
    }

    @ParameterizedTest(name = "{1} meets {0}")
    @MethodSource
    void a_server_that_is_no_device_is_refused(Tls ours, HostileTls theirs) {
        CompletableFuture<SecureChannel> dialling = start(() -> SecureChannel.dial(pipes[0], ours, BOB.fingerprint()));
        CompletableFuture<SecureChannel> accepting =
                start(() -> SecureChannel.accept(pipes[1], theirs, RefusalsTest::anybody));

        assertThat(failureOf(dialling)).isInstanceOf(IOException.class);
        assertThat(pipes[0].isClosed()).isTrue();
        accepting.exceptionally(failure -> null).join();
    }

    static Stream<Arguments> a_server_that_is_no_device_is_refused() {
        return Ends.tlsOf(ALICE)
                .flatMap(ours -> Stream.of(
                                HostileTls.showing("RSA", RSA),
                                HostileTls.showing(
                                        "two certificates",
                                        new OwnCertificate(BOB.privateKey(), BOB.certificate(), MALLORY.certificate())),
                                HostileTls.speaking("TLS 1.2", BOB, "TLSv1.2", Tls.PROTOCOL),
                                HostileTls.speaking("no protocol", BOB, "TLSv1.3"))
                        .map(theirs -> Arguments.of(ours, theirs)));
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void the_dates_in_a_certificate_mean_nothing(Tls ours) {
        CompletableFuture<SecureChannel> accepting =
                start(() -> SecureChannel.accept(pipes[1], ours, RefusalsTest::anybody));
        CompletableFuture<SecureChannel> dialling =
                start(() -> SecureChannel.dial(pipes[0], HostileTls.showing("expired", EXPIRED), BOB.fingerprint()));

        try (SecureChannel bob = accepting.join();
                SecureChannel other = dialling.join()) {
            assertThat(bob.peer()).isNotEqualTo(other.peer());
        }
    }

    @ParameterizedTest(name = "{1} meets {0}")
    @MethodSource
    void what_is_no_tls_is_refused_at_once(Tls ours, String what, byte[] sent) throws IOException {
        CompletableFuture<SecureChannel> accepting =
                start(() -> SecureChannel.accept(pipes[1], ours, RefusalsTest::neverAsked));
        pipes[0].write(ByteBuffer.wrap(sent));

        assertThat(failureOf(accepting)).as(what).isInstanceOf(IOException.class);
        assertThat(pipes[1].isClosed()).isTrue();
    }

    static Stream<Arguments> what_is_no_tls_is_refused_at_once() {
        byte[] garbage = new byte[50_000];
        new Random(1).nextBytes(garbage);
        byte[] handshake = HexFormat.of().parseHex("13" + "426974546f7272656e742070726f746f636f6c" + "00".repeat(48));
        return eachOfBobs(
                Arguments.of(
                        "HTTP", bytes("GET / HTTP/1.1\r\nHost: bob\r\n\r\n").array()),
                Arguments.of("BitTorrent", handshake),
                Arguments.of("SSH", bytes("SSH-2.0-OpenSSH_9.2\r\n").array()),
                Arguments.of("garbage", garbage),
                Arguments.of("zeros", new byte[100]),
                Arguments.of("an alert", HexFormat.of().parseHex("15030300020228")),
                Arguments.of("data without a handshake", HexFormat.of().parseHex("1703030010" + "00".repeat(16))));
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void half_a_greeting_is_no_greeting(Tls ours) throws IOException {
        ByteBuffer hello = helloOf(Tls.jdk(ALICE));
        CompletableFuture<SecureChannel> accepting =
                start(() -> SecureChannel.accept(pipes[1], ours, RefusalsTest::neverAsked));

        pipes[0].write(hello.limit(hello.limit() / 2));
        pipes[0].close();

        assertThat(failureOf(accepting)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void whoever_is_silent_is_cut_off_by_closing_the_pipe(Tls ours) {
        RecordingTls recording = new RecordingTls(ours);
        Blocked accepting = Blocked.in(() -> SecureChannel.accept(pipes[1], recording, RefusalsTest::anybody));

        pipes[1].close();

        assertThat(accepting.failure()).isInstanceOf(ClosedChannelException.class);
        recording.assertAllGivenBack();
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void whoever_does_not_come_to_an_end_is_cut_off(Tls ours) {
        ByteBuffer hello = ByteBuffer.allocate(30_000)
                .put(HexFormat.of().parseHex("01006fff0303"))
                .rewind();
        CompletableFuture<SecureChannel> accepting =
                start(() -> SecureChannel.accept(pipes[1], ours, RefusalsTest::neverAsked));

        assertThatThrownBy(() -> {
                    while (hello.hasRemaining()) { // each byte in a record of its own
                        pipes[0].write(ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 1, hello.get()}));
                    }
                    pipes[0].write(ByteBuffer.allocate(10_000_000));
                })
                .isInstanceOf(IOException.class);
        // either TLS may have enough of the hello before we have
        assertThat(failureOf(accepting).getMessage())
                .containsPattern("takes more than 131072 bytes|CLIENTHELLO_PARSE_FAILED|Invalid ClientHello");
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void a_refusal_gives_everything_back(Tls ours) {
        RecordingTls recording = new RecordingTls(ours);

        for (int count = 0; count < 3; count++) {
            try (Ends ends = Ends.over(Tls.jdk(MALLORY), recording, MemoryPipe.pair(100_000))) {
                assertThat(failureOf(ends.acceptor())).isInstanceOf(StrangerException.class);
            }
        }

        recording.assertAllGivenBack();
        assertThat(recording.buffers().size()).isEqualTo(2);
    }

    /** What a dialler says first. */
    private static ByteBuffer helloOf(Tls tls) throws IOException {
        ByteBuffer hello = ByteBuffer.allocate(BufferPool.BUFFER_BYTES);
        var engine = tls.engine(true, new PinnedKeys(RefusalsTest::anybody)).engine();
        engine.beginHandshake();
        engine.wrap(ByteBuffer.allocate(0), hello);
        return hello.flip();
    }

    private static boolean anybody(Fingerprint key) {
        return true;
    }

    private static boolean neverAsked(Fingerprint key) {
        throw new AssertionError("nobody may ask about " + key);
    }

    private static OwnCertificate onP384() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(384);
        KeyPair pair = generator.generateKeyPair();
        return new OwnCertificate(pair.getPrivate(), SelfSigned.of(pair));
    }

    static Stream<Tls> bobs() {
        return Ends.tlsOf(BOB);
    }

    private static Stream<Arguments> eachOfBobs(Arguments... cases) {
        return bobs().flatMap(ours -> Stream.of(cases).map(one -> {
            Object[] with = new Object[one.get().length + 1];
            with[0] = ours;
            System.arraycopy(one.get(), 0, with, 1, one.get().length);
            return Arguments.of(with);
        }));
    }
}
