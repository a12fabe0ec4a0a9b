package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:6881", "[2001:db8:0:0:0:0:0:1]:1", "255.255.255.255:65535"})
    void a_peer_address_comes_back_as_it_was_written(String text) {
        assertThat(PeerAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:1", "999.1.1.1:1", "1.2.3:1", "192.0.2.1", "192.0.2.1:0", "192.0.2.1:65536", ":1"})
    void names_and_nonsense_are_no_peer_addresses(String text) {
        assertThatThrownBy(() -> PeerAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_jid_is_bare_and_in_lower_case() {
        Jid jid = new Jid("Alice@Example.org");

        assertThat(jid).isEqualTo(new Jid("alice@example.org"));
        assertThat(jid.local() + " at " + jid.domain()).isEqualTo("alice at example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "alice@", "@example.org", "alice@example.org/phone", "a b@example.org"})
    void what_is_no_bare_jid_is_refused(String text) {
        assertThatThrownBy(() -> new Jid(text)).hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "0123456789ABCDEF0123456789ABCDEF01234567",
                "z123456789abcdef0123456789abcdef01234567",
                "0123456789abcdefg123456789abcdef01234567"
            })
    void what_is_no_info_hash_is_refused(String text) {
        assertThatThrownBy(() -> new InfoHash(text)).hasMessageContaining("40 lower-case hex digits");
    }

    @Test
    void an_info_hash_is_its_bytes() {
        InfoHash hash = new InfoHash("0123456789abcdef0123456789abcdef01234567");

        assertThat(InfoHash.of(hash.bytes())).isEqualTo(hash);
        assertThatThrownBy(() -> InfoHash.of(new byte[19])).hasMessage("an info-hash has 20 bytes, not 19");
    }

    @Test
    void a_fingerprint_is_its_bytes_and_is_shown_in_groups() {
        Fingerprint fingerprint = new Fingerprint("0123456789abcdef".repeat(4));

        assertThat(Fingerprint.of(fingerprint.bytes())).isEqualTo(fingerprint);
        assertThat(fingerprint.groups())
                .isEqualTo("0123 4567 89ab cdef ".repeat(4).strip());
        assertThat(fingerprint.brief()).isEqualTo("01234567");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void a_fingerprint_has_32_bytes(int count) {
        assertThatThrownBy(() -> Fingerprint.of(new byte[count]))
                .hasMessage("a fingerprint is 64 lower-case hex digits, not '" + "00".repeat(count) + "'");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65, 90, 91, 92})
    void what_is_no_point_on_p_256_is_no_devices_key(int count) {
        assertThatThrownBy(() -> new DevicePublicKey(Bytes.of(new byte[count])))
                .hasMessage("a device's key is an uncompressed point on P-256 in 91 bytes, not these " + count);
    }

    @Test
    void bytes_cannot_be_changed_from_outside() {
        byte[] source = {1, 2, 3};
        Bytes bytes = Bytes.of(source);
        source[0] = 9;
        bytes.toArray()[1] = 9;

        assertThat(bytes).isEqualTo(Bytes.of(new byte[] {1, 2, 3})).hasToString("3 bytes");
    }

    @Test
    void a_slice_ends_where_the_bytes_end() {
        Bytes bytes = Bytes.of(new byte[] {1, 2, 3});

        assertThat(bytes.slice(1, Integer.MAX_VALUE)).isEqualTo(Bytes.of(new byte[] {2, 3}));
        assertThat(bytes.slice(7, 1)).isEqualTo(Bytes.EMPTY);
    }
}
