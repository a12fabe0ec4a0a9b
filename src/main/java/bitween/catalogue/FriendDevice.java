package bitween.catalogue;

import bitween.message.CatalogueEvent.FriendList;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.model.Announcement;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.LinkPath;
import bitween.model.Share;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A friend's device: where it is now, and what it shared when we last could ask.
 *
 * @param lastName what it called itself last; empty when it never did since we started
 * @param announcement null while it is away
 * @param link how it can be asked questions now; null: it cannot
 * @param held why it has no links with us; null when it may
 * @param list null until it answered once
 * @param offer what is in the list
 * @param failure why the newest list is not here; null when it is, or is on its way
 * @param misdeeds what it did that no honest device does, since we started
 */
public record FriendDevice(
        Device device,
        String lastName,
        @Nullable Announcement announcement,
        @Nullable FriendList list,
        @Nullable String failure,
        Offer offer,
        @Nullable Path link,
        @Nullable Held held,
        Misdeeds misdeeds) {
    /** Digits of an id that tell one person's devices apart. */
    private static final int BRIEF = 8;

    /**
     * A device that may have no links with us.
     *
     * @param name as it announced itself
     * @param reason why not, for people
     * @param refused whether the user said so, who has nothing to decide
     */
    public record Held(String name, String reason, boolean refused) {}

    /** How and since when a device is linked. */
    public record Path(LinkPath path, Instant since) {}

    static FriendDevice unknown(Device device) {
        return new FriendDevice(device, "", null, null, null, Offer.NONE, null, null, Misdeeds.NONE);
    }

    /** Its owner has nothing for us any more. */
    FriendDevice withoutList() {
        return new FriendDevice(device, lastName, announcement, null, null, Offer.NONE, link, held, misdeeds);
    }

    /** Whether it can be asked things: a link outlives the connection to the XMPP server. */
    public boolean isReachable() {
        return isOnline() || link != null;
    }

    public boolean isOnline() {
        return announcement != null;
    }

    /** For people: as it announced itself, now or last; of one that never did, how its id begins. */
    public String name() {
        if (!lastName.isEmpty()) {
            return lastName;
        }
        String id = device.id().value();
        return list != null && !list.deviceName().isEmpty()
                ? list.deviceName()
                : id.substring(0, Math.min(BRIEF, id.length()));
    }

    /** What it shares, by info-hash. */
    public Map<InfoHash, Share> shares() {
        return offer.byHash();
    }

    /** Whether it shares that, or what it was, and it can be had at the moment. */
    public boolean gives(InfoHash hash) {
        Share share = offer.byHash().get(hash);
        return share != null ? !share.unavailable() : offer.former().containsKey(hash);
    }

    /** Whether it says that it has that, as a share or as what one was. */
    public boolean has(InfoHash hash) {
        return offer.byHash().containsKey(hash) || offer.former().containsKey(hash);
    }

    /** Under which info-hash it gives something with that content; empty when it does not. */
    public Optional<InfoHash> hashOf(ContentId content) {
        return Optional.ofNullable(offer.byContent().get(content));
    }

    public Collection<Share> sortedShares() {
        return shares().values().stream()
                .sorted((a, b) -> a.name().compareToIgnoreCase(b.name()))
                .toList();
    }

    FriendDevice announced(Announcement now) {
        return new FriendDevice(device, newName(now.deviceName()), now, list, failure, offer, link, null, misdeeds);
    }

    FriendDevice gone() {
        return new FriendDevice(device, lastName, null, list, failure, offer, link, held, misdeeds);
    }

    FriendDevice with(FriendList newList) {
        return new FriendDevice(
                device, lastName, announcement, newList, null, Offer.of(newList.shares()), link, held, misdeeds);
    }

    FriendDevice failed(String why) {
        return new FriendDevice(device, lastName, announcement, list, why, offer, link, held, misdeeds);
    }

    FriendDevice linked(@Nullable Path now) {
        return new FriendDevice(device, lastName, announcement, list, failure, offer, now, held, misdeeds);
    }

    FriendDevice held(Held why) {
        return new FriendDevice(device, newName(why.name()), null, list, failure, offer, link, why, misdeeds);
    }

    FriendDevice offended(OffenceSeen seen) {
        return new FriendDevice(device, lastName, announcement, list, failure, offer, link, held, misdeeds.with(seen));
    }

    private String newName(String announced) {
        return announced.isEmpty() ? lastName : announced;
    }
}
