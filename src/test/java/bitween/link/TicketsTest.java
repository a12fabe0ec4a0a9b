package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Ticket;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicketsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");
    private static final InfoHash OTHER = new InfoHash("ff".repeat(20));

    private final DeviceKey owner = DeviceKey.create();
    private final DeviceKey stranger = DeviceKey.create();
    private final Device bob = device("bob@b.test", DeviceKey.create());
    private final Device carol = device("carol@c.test", DeviceKey.create());
    private final Ticket ticket = Tickets.sign(owner, HASH, bob, NOW);

    @Test
    void a_ticket_permits_one_device_one_share_for_five_minutes() {
        assertThat(ticket.expires()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
        assertThat(Tickets.permits(ticket, owner.publicKey(), HASH, bob, NOW)).isTrue();
        assertThat(Tickets.permits(ticket, owner.publicKey(), OTHER, bob, NOW)).isFalse();
        assertThat(Tickets.permits(ticket, owner.publicKey(), HASH, carol, NOW)).isFalse();
    }

    @Test
    void it_is_the_owner_s_and_nobody_else_s() {
        assertThat(Tickets.permits(ticket, stranger.publicKey(), HASH, bob, NOW))
                .isFalse();
        assertThat(Tickets.permits(Tickets.sign(stranger, HASH, bob, NOW), owner.publicKey(), HASH, bob, NOW))
                .isFalse();
    }

    @Test
    void no_sign_of_it_can_be_changed() {
        byte[] signature = ticket.signature().toArray();
        signature[signature.length - 1] ^= 1;

        assertThat(permits(new Ticket(ticket.expires(), Bytes.of(signature)), NOW))
                .isFalse();
        assertThat(permits(new Ticket(ticket.expires(), Bytes.EMPTY), NOW)).isFalse();
        assertThat(permits(new Ticket(ticket.expires().plusSeconds(1), ticket.signature()), NOW))
                .isFalse();
    }

    @Test
    void what_was_signed_for_another_purpose_is_no_ticket() {
        for (SigningDomain domain : SigningDomain.values()) {
            // the text that a ticket has, in another domain
            Bytes text = new bitween.bencode.BencodeWriter()
                    .beginDictionary()
                    .key("device")
                    .string(Bytes.of(java.util.HexFormat.of().parseHex(bob.id().value())))
                    .key("expires")
                    .integer(ticket.expires().getEpochSecond())
                    .key("hash")
                    .string(Bytes.of(HASH.bytes()))
                    .end()
                    .toBytes();

            assertThat(permits(new Ticket(ticket.expires(), owner.sign(domain, text)), NOW))
                    .as(domain.name())
                    .isEqualTo(domain == SigningDomain.TICKET);
        }
    }

    /** The clock of whoever looks, against that of the owner, in seconds. */
    @ParameterizedTest
    @CsvSource({"299, true", "300, false", "86400, false", "-300, true", "-301, false", "-86400, false"})
    void it_ends_by_the_clock_of_whoever_looks_and_one_that_would_last_longer_than_ten_minutes_is_none(
            long seconds, boolean good) {
        assertThat(permits(ticket, NOW.plusSeconds(seconds))).isEqualTo(good);
    }

    private boolean permits(Ticket shown, Instant now) {
        return Tickets.permits(shown, owner.publicKey(), HASH, bob, now);
    }

    private static Device device(String jid, DeviceKey key) {
        return new Device(new Jid(jid), new DeviceId(key.fingerprint().hex()));
    }
}
