package bitween.link;

import static bitween.link.Ends.ALICE;
import static bitween.link.Ends.BOB;
import static bitween.link.Ends.failureOf;
import static bitween.link.SecureChannelTest.bytes;
import static bitween.link.SecureChannelTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A resumed session would go past the pins: whoever was a friend an hour ago would still be let in. Somebody else's TLS resumes where it can, and an end
 * that was resumed fails, as nobody has shown it a certificate.
 */
class ResumptionTest {
    private static final String RESUMED = "the other end has shown no certificate in this handshake";

    private final HostileTls alice = HostileTls.speaking("resuming client", ALICE, "TLSv1.3", Tls.PROTOCOL);
    private final HostileTls bob = HostileTls.speaking("server with tickets", BOB, "TLSv1.3", Tls.PROTOCOL);

    @Test
    void others_do_resume() throws IOException {
        connect(alice, bob);

        try (Ends ends = Ends.over(alice, bob, MemoryPipe.pair(100_000))) {
            assertThat(failureOf(ends.dialler())).hasMessage(RESUMED);
        }
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void nobody_who_dials_us_resumes_what_he_had_with_us(Tls ours) throws IOException {
        connect(alice, ours);
        connect(alice, ours);
    }

    @ParameterizedTest
    @MethodSource("bobs")
    void nobody_who_dials_us_resumes_what_he_had_elsewhere(Tls ours) throws IOException {
        connect(alice, bob);
        connect(alice, ours);
    }

    @ParameterizedTest
    @MethodSource("alices")
    void we_resume_nothing(Tls ours) throws IOException {
        connect(ours, bob);
        connect(ours, bob);
    }

    /** Both are asked for their certificates; then each reads something, with which a ticket would come. */
    private static void connect(Tls dialler, Tls acceptor) throws IOException {
        try (Ends ends = Ends.over(dialler, acceptor, MemoryPipe.pair(100_000))) {
            assertThat(ends.bob().peer()).isEqualTo(ALICE.fingerprint());
            assertThat(ends.alice().peer()).isEqualTo(BOB.fingerprint());
            ends.bob().write(bytes("welcome"));
            assertThat(text(ends.alice(), 7)).isEqualTo("welcome");
        }
    }

    static Stream<Tls> alices() {
        return Ends.tlsOf(ALICE);
    }

    static Stream<Tls> bobs() {
        return Ends.tlsOf(BOB);
    }
}
