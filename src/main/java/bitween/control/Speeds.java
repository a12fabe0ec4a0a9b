package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.model.Jid;
import bitween.model.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How fast bytes come from and go to each friend, over all shares, jobs and devices. Pure: made of one catalogue, so that what transfers, friends and the whole
 * say of one moment fits together.
 */
final class Speeds {
    private final Map<Jid, Speed> byFriend = new HashMap<>();

    /** Payload, in bytes per second. */
    record Speed(long down, long up) {
        static final Speed NONE = new Speed(0, 0);

        Speed plus(Speed other) {
            return new Speed(down + other.down, up + other.up);
        }
    }

    Speeds(Catalogue catalogue) {
        PeerNames names = new PeerNames(catalogue);
        for (Progress progress : catalogue.progress().values()) {
            for (Progress.Peer peer : progress.peers()) {
                PeerNames.Owner owner = names.ownerOf(peer.address());
                if (owner != null) {
                    Speed speed = new Speed(peer.downloadBytesPerSecond(), peer.uploadBytesPerSecond());
                    byFriend.merge(owner.friend().jid(), speed, Speed::plus);
                }
            }
        }
    }

    Speed of(Jid friend) {
        return byFriend.getOrDefault(friend, Speed.NONE);
    }

    /** Those with whom something moves, by address. */
    List<View> moving() {
        return byFriend.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(Speed.NONE))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new View()
                        .with("jid", entry.getKey())
                        .with("down", entry.getValue().down())
                        .with("up", entry.getValue().up()))
                .toList();
    }
}
