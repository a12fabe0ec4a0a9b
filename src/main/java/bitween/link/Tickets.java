package bitween.link;

import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DevicePublicKey;
import bitween.model.Fingerprint;
import bitween.model.InfoHash;
import bitween.model.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What an owner's device signs, and who may be helped because of it. */
final class Tickets {
    /** No ticket that is good for longer is believed: so long may somebody get things from others after a grant has gone. */
    static final Duration LONGEST = Duration.ofMinutes(10);
    /** Half of that, so that it is believed where the clock is up to five minutes behind the owner's. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private Tickets() {}

    static Ticket sign(DeviceKey owner, InfoHash hash, Device asker, Instant now) {
        Instant expires = now.plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        return new Ticket(expires, owner.sign(SigningDomain.TICKET, text(hash, asker, expires)));
    }

    /** Whether the owner of this key lets {@code asker} have {@code hash} at this moment. */
    static boolean permits(Ticket ticket, DevicePublicKey owner, InfoHash hash, Device asker, Instant now) {
        return now.isBefore(ticket.expires())
                && !ticket.expires().isAfter(now.plus(LONGEST))
                && Signatures.verify(
                        owner, SigningDomain.TICKET, text(hash, asker, ticket.expires()), ticket.signature());
    }

    private static Bytes text(InfoHash hash, Device asker, Instant expires) {
        return new BencodeWriter()
                .beginDictionary()
                .key("device")
                .string(Bytes.of(new Fingerprint(asker.id().value()).bytes()))
                .key("expires")
                .integer(expires.getEpochSecond())
                .key("hash")
                .string(Bytes.of(hash.bytes()))
                .end()
                .toBytes();
    }
}
