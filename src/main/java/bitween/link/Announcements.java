package bitween.link;

import bitween.bencode.BencodeWriter;
import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import bitween.model.Fingerprint;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.model.SignedAnnouncement;
import bitween.model.SignedAnnouncement.Endorsement;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What exactly a device signs, and what is believed of it. Each text names the account, so that what was signed for one cannot be shown as another's; and is bencode, so that there is one way to
 * write it.
 */
final class Announcements {
    /** Each device announces itself anew twice a day, and clocks may be wrong by a day. */
    private static final Duration OLDEST = Duration.ofHours(36);

    private static final Duration MOST_AHEAD = Duration.ofHours(24);

    private Announcements() {}

    static SignedAnnouncement sign(
            DeviceKey key,
            Jid self,
            Announcement announcement,
            long counter,
            Instant time,
            List<Endorsement> endorsements) {
        Bytes text = text(self, announcement, key.publicKey(), counter, time, endorsements);
        return new SignedAnnouncement(
                announcement, key.publicKey(), counter, time, endorsements, key.sign(SigningDomain.ANNOUNCEMENT, text));
    }

    /** Whether the device that {@code signed} names signed it, for {@code account}. */
    static boolean isGenuine(Jid account, SignedAnnouncement signed) {
        Bytes text = text(
                account, signed.announcement(), signed.key(), signed.counter(), signed.time(), signed.endorsements());
        return Signatures.verify(signed.key(), SigningDomain.ANNOUNCEMENT, text, signed.signature());
    }

    /** Its counter tells an old announcement of a device that is known from its newest; of one that is not, only the clocks do. */
    static boolean isTimely(SignedAnnouncement signed, Instant now) {
        return signed.time().isAfter(now.minus(OLDEST)) && signed.time().isBefore(now.plus(MOST_AHEAD));
    }

    static Endorsement endorse(DeviceKey key, Jid self, Fingerprint device) {
        return new Endorsement(device, key.sign(SigningDomain.DEVICE, text(self, device)));
    }

    static boolean isGenuine(Jid account, DevicePublicKey endorser, Endorsement endorsement) {
        return Signatures.verify(
                endorser, SigningDomain.DEVICE, text(account, endorsement.device()), endorsement.signature());
    }

    private static Bytes text(Jid account, Fingerprint device) {
        return new BencodeWriter()
                .beginDictionary()
                .key("account")
                .text(account.value())
                .key("device")
                .string(hex(device))
                .end()
                .toBytes();
    }

    private static Bytes text(
            Jid account,
            Announcement announcement,
            DevicePublicKey key,
            long counter,
            Instant time,
            List<Endorsement> endorsements) {
        BencodeWriter writer = new BencodeWriter().beginDictionary();
        writer.key("account").text(account.value());
        writer.key("addresses").beginList();
        for (PeerAddress address : announcement.addresses()) {
            writer.text(address.toString());
        }
        writer.end();
        writer.key("counter").integer(counter);
        writer.key("endorsements").beginList();
        for (Endorsement endorsement : endorsements) {
            writer.string(hex(endorsement.device())).string(endorsement.signature());
        }
        writer.end();
        writer.key("key").string(key.spki());
        writer.key("name").text(announcement.deviceName());
        writer.key("revision").text(announcement.revision());
        writer.key("time").integer(time.getEpochSecond());
        return writer.end().toBytes();
    }

    private static Bytes hex(Fingerprint device) {
        return Bytes.of(HexFormat.of().parseHex(device.hex()));
    }
}
