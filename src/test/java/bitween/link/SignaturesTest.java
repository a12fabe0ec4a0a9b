package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
    private static final DeviceKey ALICE = DeviceKey.create();
    private static final Bytes MESSAGE = Bytes.of("bob may have it".getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @EnumSource
    void what_a_device_signed_is_known_to_be_its_own(SigningDomain domain) {
        Bytes signature = ALICE.sign(domain, MESSAGE);

        assertThat(Signatures.verify(ALICE.publicKey(), domain, MESSAGE, signature))
                .isTrue();
    }

    @Test
    void a_signature_holds_for_one_message_key_and_purpose() {
        Bytes signature = ALICE.sign(SigningDomain.TICKET, MESSAGE);

        assertThat(Signatures.verify(ALICE.publicKey(), SigningDomain.TICKET, Bytes.EMPTY, signature))
                .isFalse();
        assertThat(Signatures.verify(DeviceKey.create().publicKey(), SigningDomain.TICKET, MESSAGE, signature))
                .isFalse();
        assertThat(Signatures.verify(ALICE.publicKey(), SigningDomain.ANNOUNCEMENT, MESSAGE, signature))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "3006020100020100", "30060201000201", "ff"})
    void what_is_no_signature_holds_for_nothing(String hex) {
        assertThat(Signatures.verify(
                        ALICE.publicKey(),
                        SigningDomain.TICKET,
                        MESSAGE,
                        Bytes.of(HexFormat.of().parseHex(hex))))
                .isFalse();
    }

    @Test
    void nothing_may_follow_a_signature() {
        byte[] signature = ALICE.sign(SigningDomain.TICKET, MESSAGE).toArray();

        assertThat(Signatures.verify(
                        ALICE.publicKey(), SigningDomain.TICKET, MESSAGE, Bytes.of(Arrays.copyOf(signature, 100_000))))
                .isFalse();
    }

    @Test
    void a_point_beside_the_curve_has_signed_nothing() {
        byte[] spki = ALICE.publicKey().spki().toArray();
        spki[spki.length - 1] ^= 1;
        DevicePublicKey beside = new DevicePublicKey(Bytes.of(spki));

        assertThat(Signatures.verify(beside, SigningDomain.TICKET, MESSAGE, ALICE.sign(SigningDomain.TICKET, MESSAGE)))
                .isFalse();
    }

    @Test
    void no_purpose_is_the_beginning_of_another() {
        for (SigningDomain one : SigningDomain.values()) {
            String label = new String(one.label(), StandardCharsets.US_ASCII);
            assertThat(label).matches("bitween [a-z]+ 1\0");
        }
    }
}
