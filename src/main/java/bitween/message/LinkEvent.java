package bitween.message;

import bitween.bus.Event;
import bitween.bus.Snapshot;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceTrust;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.Offence;
import bitween.model.PeerAddress;
import bitween.model.RateLimit;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the links to friends' devices tell. */
public sealed interface LinkEvent extends Event {
    /** A trusted device of a contact, or of our own account, says where it is and what revision its catalogue has. Newest wins. */
    record DeviceAnnounced(Device device, Announcement announcement) implements LinkEvent {}

    /** A device went away, or is not trusted any more. Its addresses are void. */
    record DeviceGone(Device device) implements LinkEvent {}

    /** The user trusts a device no longer. What is known of it and of what it shares is void. Said again at each start of those that are not trusted. */
    record DeviceRemoved(Device device) implements LinkEvent {}

    /**
     * A device announced itself that has no links with us.
     *
     * @param reason why not, for people
     * @param refused whether the user said so, who has nothing to decide
     */
    record DeviceHeld(Device device, String name, DeviceTrust trust, String reason, boolean refused)
            implements LinkEvent {}

    /** Where on this machine libtorrent reaches those devices that hold {@code hash} and are online; maybe none. */
    record PeersFound(InfoHash hash, List<PeerAddress> peers) implements LinkEvent {
        public PeersFound {
            peers = List.copyOf(peers);
        }
    }

    /** Somebody is trusted now, or no longer; these are all who are. */
    record TrustChanged(Set<Device> trusted) implements LinkEvent, Snapshot {
        public TrustChanged {
            trusted = Set.copyOf(trusted);
        }
    }
    /** These devices, all that are online and share {@code hash}, or the same content, or get it too and help us, give us {@code hash}. Who helps no longer is not among them. */
    record HelpersFound(InfoHash hash, List<Device> devices) implements LinkEvent {
        public HelpersFound {
            devices = List.copyOf(devices);
        }
    }

    /** We vouch for other devices of our own account than before. */
    record EndorsementsChanged() implements LinkEvent, Snapshot {}

    /** We accept links, or do not any more (0). */
    record ListenPortChanged(int port) implements LinkEvent {}

    /** Where we are reachable by what friends' devices see of us, all of it; maybe nowhere. */
    record OutsideSeen(List<PeerAddress> addresses) implements LinkEvent, Snapshot {
        public OutsideSeen {
            addresses = List.copyOf(addresses);
        }
    }

    /** Where the router in front of us lets friends in; maybe nowhere. */
    record OutsideMapped(List<PeerAddress> addresses) implements LinkEvent, Snapshot {
        public OutsideMapped {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * A friend's device can be asked questions, or no longer.
     *
     * @param path null: no longer
     * @param since when that became so
     */
    record LinkChanged(Device device, @Nullable LinkPath path, Instant since) implements LinkEvent {}

    /** How fast bytes may come from and go to friends: all who have a limit. */
    record LimitsChanged(Map<Jid, RateLimit> limits) implements LinkEvent, Snapshot {
        public LimitsChanged {
            limits = Map.copyOf(limits);
        }
    }

    /**
     * A friend's device did what no honest bitween does.
     *
     * @param hash the share that it was about, if any; one of which it sent damaged pieces it is not asked for again
     * @param times how often, since this was told last
     */
    record OffenceSeen(
            Device device, Offence offence, @Nullable InfoHash hash, int times) implements LinkEvent {}

    /** Which address libtorrent knows each device by, all of them. */
    record LabelsChanged(Map<InetAddress, Device> labels) implements LinkEvent, Snapshot {
        public LabelsChanged {
            labels = Map.copyOf(labels);
        }
    }
}
