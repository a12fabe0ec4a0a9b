package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.control.Resolver.Held;
import bitween.message.CatalogueEvent.FriendList;
import bitween.model.ConnectionState;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.Share;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How friends and what they share look to clients: every key is always there, null where nothing is known. Pure: looks at one catalogue. */
final class FriendViews {
    private final Catalogue catalogue;
    private final Resolver resolver;
    private final Speeds speeds;

    FriendViews(Catalogue catalogue) {
        this.catalogue = catalogue;
        resolver = new Resolver(catalogue);
        speeds = new Speeds(catalogue);
    }

    /** By address. */
    List<Friend> all() {
        return catalogue.friends().values().stream()
                .sorted(Comparator.comparing(Friend::jid))
                .toList();
    }

    View friend(Friend friend) {
        List<Held> shares = resolver.shares(friend);
        RosterEntry entry = friend.entry();
        return new View()
                .with("jid", friend.jid())
                .with("name", entry == null ? null : entry.name())
                .with("self", isSelf(friend.jid()))
                .with(
                        "groups",
                        entry == null
                                ? List.of()
                                : entry.groups().stream().sorted().toList())
                .with("subscription", entry == null ? null : entry.subscription())
                .with("asked", entry != null && entry.asked())
                .with("available", friend.available())
                .with("online", friend.isReachable())
                .with("lastSeen", friend.lastSeen())
                .with("shares", shares.size())
                .with("sizeBytes", sizeOf(shares))
                .with("fetched", newest(friend.devices().values()))
                .with("downloadBytesPerSecond", speeds.of(friend.jid()).down())
                .with("uploadBytesPerSecond", speeds.of(friend.jid()).up())
                .with("limit", LimitMethods.view(friend.limit()))
                .with("paused", friend.limit().paused())
                .with(
                        "devices",
                        friend.sortedDevices().stream().map(FriendViews::device).toList());
    }

    static View entry(RosterEntry entry) {
        return new View()
                .with("jid", entry.jid())
                .with("name", entry.name())
                .with("subscription", entry.subscription())
                .with("asked", entry.asked());
    }

    private boolean isSelf(Jid jid) {
        ConnectionState connection = catalogue.connection();
        return connection != null
                && connection.self() != null
                && connection.self().jid().equals(jid);
    }

    private static View device(FriendDevice device) {
        FriendList list = device.list();
        return new View()
                .with("id", device.device().id())
                .with("name", device.name())
                .with("online", device.isReachable())
                .with(
                        "addresses",
                        device.announcement() == null
                                ? List.of()
                                : device.announcement().addresses().stream()
                                        .map(PeerAddress::brief)
                                        .toList())
                .with("shares", device.shares().size())
                .with(
                        "sizeBytes",
                        device.shares().values().stream()
                                .mapToLong(Share::sizeBytes)
                                .sum())
                .with("fetched", list == null ? null : list.fetched())
                .with("path", device.link(), link -> link.path().kind())
                .with("pathSince", device.link(), FriendDevice.Path::since)
                .with("held", device.held(), FriendDevice.Held::reason)
                .with("damagedPieces", device.misdeeds().damagedPieces())
                .with("offences", offences(device))
                .with("failure", device.failure());
    }

    /** The devices that are linked, those of one person together. */
    List<View> links() {
        return all().stream()
                .flatMap(friend -> friend.sortedDevices().stream())
                .filter(device -> device.link() != null)
                .map(device -> new View()
                        .with("jid", device.device().jid())
                        .with("id", device.device().id())
                        .with("name", device.name())
                        .with("path", device.link(), link -> link.path().kind())
                        .with("since", device.link(), FriendDevice.Path::since))
                .toList();
    }

    View share(Held held) {
        Share share = held.share();
        return new View()
                .with("friend", held.friend().jid())
                .with("name", share.name())
                .with("hash", share.hash())
                .with("magnet", TransferViews.magnet(share.hash(), share.name()))
                .with("contentId", share.content())
                .with("sizeBytes", share.sizeBytes())
                .with("files", share.files())
                .with("allowsReshare", share.reshare())
                .with("revision", TransferViews.revision(share))
                .with("online", held.isOnline())
                .with("fetched", newest(held.devices()))
                .with(
                        "devices",
                        held.devices().stream()
                                .map(device -> holder(device, share.hash()))
                                .toList());
    }

    /** @param hash of what it has */
    static View holder(FriendDevice device, InfoHash hash) {
        return new View()
                .with("jid", device.device().jid())
                .with("id", device.device().id())
                .with("name", device.name())
                .with("online", device.isReachable())
                .with("unavailable", device.shares().containsKey(hash) && !device.gives(hash));
    }

    /** Whose devices sent wrong pieces since we started, of whatever. */
    List<View> damage() {
        return all().stream()
                .flatMap(friend -> friend.sortedDevices().stream())
                .filter(device -> device.misdeeds().damagedPieces() > 0)
                .map(device -> damage(device, device.misdeeds().damagedPieces()))
                .toList();
    }

    static View damage(FriendDevice device, int pieces) {
        return new View()
                .with("jid", device.device().jid())
                .with("id", device.device().id())
                .with("name", device.name())
                .with("pieces", pieces);
    }

    /** What a device did that no honest one does, since we started. */
    private static List<View> offences(FriendDevice device) {
        return device.misdeeds().times().entrySet().stream()
                .map(done -> new View()
                        .with("kind", done.getKey())
                        .with("deed", done.getKey().deed())
                        .with("times", done.getValue()))
                .toList();
    }

    /** Whose devices did something of that kind. */
    List<View> offenders() {
        return all().stream()
                .flatMap(friend -> friend.sortedDevices().stream())
                .filter(device -> !device.misdeeds().times().isEmpty())
                .map(device -> new View()
                        .with("jid", device.device().jid())
                        .with("id", device.device().id())
                        .with("name", device.name())
                        .with("offences", offences(device)))
                .toList();
    }

    private static long sizeOf(List<Held> shares) {
        return shares.stream().mapToLong(held -> held.share().sizeBytes()).sum();
    }

    private static @Nullable Instant newest(Collection<FriendDevice> devices) {
        return devices.stream()
                .map(FriendDevice::list)
                .filter(Objects::nonNull)
                .map(FriendList::fetched)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
