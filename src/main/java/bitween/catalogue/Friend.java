package bitween.catalogue;

import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.RateLimit;
import bitween.model.RosterEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person in the roster with the devices that announced themselves, or one's own other devices.
 *
 * @param entry null for oneself, and for somebody whose cached list outlived the roster entry
 * @param available whether any program of theirs is online
 * @param lastSeen when they were online last; null when never
 * @param limit how fast bytes may come and go
 * @param takenBack what they sent and took back while it is on its way here
 */
public record Friend(
        Jid jid,
        @Nullable RosterEntry entry,
        boolean available,
        @Nullable Instant lastSeen,
        Map<DeviceId, FriendDevice> devices,
        RateLimit limit,
        Set<InfoHash> takenBack) {
    public Friend {
        devices = Map.copyOf(devices);
        takenBack = Set.copyOf(takenBack);
    }

    static Friend unknown(Jid jid) {
        return new Friend(jid, null, false, null, Map.of(), RateLimit.NONE, Set.of());
    }

    /** Whether a bitween of theirs is online, or linked at least. */
    public boolean isReachable() {
        return devices.values().stream().anyMatch(FriendDevice::isReachable);
    }

    public Collection<FriendDevice> sortedDevices() {
        return devices.values().stream()
                .sorted((a, b) -> a.device().id().compareTo(b.device().id()))
                .toList();
    }

    FriendDevice device(Device device) {
        FriendDevice known = devices.get(device.id());
        return known == null ? FriendDevice.unknown(device) : known;
    }

    /** Whoever does not let us see them any more shares nothing with us. */
    Friend with(RosterEntry newEntry) {
        Map<DeviceId, FriendDevice> now = new HashMap<>(devices);
        if (!newEntry.weSeeThem()) {
            now.replaceAll((id, device) -> device.withoutList());
        }
        return new Friend(jid, newEntry, available, lastSeen, now, limit, takenBack);
    }

    Friend seen(boolean nowAvailable, Instant when) {
        return new Friend(jid, entry, nowAvailable, when, devices, limit, takenBack);
    }

    Friend with(FriendDevice changed) {
        return new Friend(
                jid,
                entry,
                available,
                lastSeen,
                Maps.with(devices, changed.device().id(), changed),
                limit,
                takenBack);
    }

    Friend without(Device device) {
        return new Friend(jid, entry, available, lastSeen, Maps.without(devices, device.id()), limit, takenBack);
    }

    Friend with(RateLimit newLimit) {
        return new Friend(jid, entry, available, lastSeen, devices, newLimit, takenBack);
    }

    Friend with(Set<InfoHash> nowTakenBack) {
        return new Friend(jid, entry, available, lastSeen, devices, limit, nowTakenBack);
    }
}
