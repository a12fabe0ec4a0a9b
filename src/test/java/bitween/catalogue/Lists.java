package bitween.catalogue;

import bitween.message.CatalogueEvent.FriendList;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What tests of the catalogue speak of. */
final class Lists {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final PeerAddress ADDRESS = PeerAddress.parse("192.0.2.7:6881");

    static final Revisions REVISIONS = new Revisions(Bytes.of(new byte[32]));

    private Lists() {}

    /** @param digit fills its hash */
    static Share share(String name, char digit) {
        String hex = String.valueOf(digit);
        return new Share(name, new InfoHash(hex.repeat(40)), new ContentId(hex.repeat(64)), 1_000, 3);
    }

    /** @param number makes its name, and its hashes, which are as random as real ones */
    static Share share(int number) {
        byte[] random = new byte[52];
        new Random(number).nextBytes(random);
        return new Share(
                "share " + number,
                InfoHash.of(Arrays.copyOf(random, 20)),
                ContentId.of(Arrays.copyOfRange(random, 20, 52)),
                number,
                1);
    }

    /** As it travels. */
    static Bytes document(Share... shares) {
        return CatalogueDocument.encode(ListDifference.whole(List.of(shares)));
    }

    static List<Share> sharesIn(Bytes document) {
        return CatalogueDocument.decode(document).applyTo("", List.of());
    }

    static Transfer seeding(long id, Share share) {
        return transfer(id, Transfer.Kind.SHARE, TransferState.SEEDING, share);
    }

    static Transfer job(long id, Share share) {
        return transfer(id, Transfer.Kind.JOB, TransferState.DOWNLOADING, share);
    }

    static Device device(String jid, String id) {
        return new Device(new Jid(jid), new DeviceId(id));
    }

    static Announcement announcement(String revision) {
        return new Announcement("laptop", List.of(ADDRESS), revision);
    }

    static FriendList list(Device device, String revision, Share... shares) {
        return new FriendList(device, "laptop", revision, List.of(shares), NOW);
    }

    static RosterChanged roster(Jid... jids) {
        return rosterOf(Arrays.stream(jids).map(Lists::contact).toArray(RosterEntry[]::new));
    }

    static RosterChanged rosterOf(RosterEntry... entries) {
        return new RosterChanged(List.of(entries));
    }

    static RosterEntry contact(Jid jid, String... groups) {
        return new RosterEntry(jid, null, RosterEntry.Subscription.BOTH, false, Set.of(groups));
    }

    private static Transfer transfer(long id, Transfer.Kind kind, TransferState state, Share share) {
        return Transfer.of(
                        new TransferId(id),
                        kind,
                        share.name(),
                        Path.of("/srv", share.name()),
                        state,
                        share.hash(),
                        NOW,
                        kind == Transfer.Kind.SHARE ? Audience.EVERYONE : Audience.NOBODY)
                .with(share);
    }
}
