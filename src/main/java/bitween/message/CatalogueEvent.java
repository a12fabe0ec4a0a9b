package bitween.message;

import bitween.bus.Event;
import bitween.bus.Snapshot;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Want;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the catalogue tells: our own list changed, a friend's list is here, peers for a job are known. */
public sealed interface CatalogueEvent extends Event {
    /**
     * What somebody may see of our shares changed.
     *
     * @param revision names the state of all views together; opaque
     */
    record OwnSharesChanged(String revision) implements CatalogueEvent {}

    /**
     * Who may have what of ours may have changed: shares, grants, the roster. The catalogue shows it already, so that whoever keeps a way open can look
     * again whether it may.
     */
    record AccessChanged() implements CatalogueEvent, Snapshot {}

    /** At start, once: what the store holds of friends. */
    record FriendsLoaded(List<FriendList> lists, Map<Jid, Instant> lastSeen) implements CatalogueEvent {
        public FriendsLoaded {
            lists = List.copyOf(lists);
            lastSeen = Map.copyOf(lastSeen);
        }
    }

    /** A friend's device answered with its list. */
    record FriendListFetched(FriendList list) implements CatalogueEvent {}

    /** A friend's device's list could not be fetched or understood; the old one stays. */
    record FriendListFailed(Device device, String reason) implements CatalogueEvent {}

    /** What is in a friend's share is in the store now. */
    record TreeFetched(InfoHash hash) implements CatalogueEvent {}

    /** Somebody shares what the user waits for: a share, or a file in one. Told once. */
    record WantFound(Want want, Match match) implements CatalogueEvent {}

    /** @param path of a file in the share; empty: the share itself */
    record Match(InfoHash hash, String name, String path, long sizeBytes) {}

    /**
     * These devices, all that are online, hold {@code hash}.
     *
     * @param copies more that share the same content under an info-hash of their own
     */
    record HoldersFound(InfoHash hash, List<Device> devices, List<Device> copies) implements CatalogueEvent {
        public HoldersFound {
            devices = List.copyOf(devices);
            copies = List.copyOf(copies);
        }

        public HoldersFound(InfoHash hash, List<Device> devices) {
            this(hash, devices, List.of());
        }
    }

    /**
     * What a friend's device shares.
     *
     * @param revision as the reply named it
     * @param fetched when
     */
    record FriendList(Device device, String deviceName, String revision, List<Share> shares, Instant fetched) {
        public FriendList {
            shares = List.copyOf(shares);
        }
    }
}
