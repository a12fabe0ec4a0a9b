package bitween.message;

import bitween.bus.Event;
import bitween.bus.Snapshot;
import bitween.model.AddressFilter;
import bitween.model.Announcement;
import bitween.model.ConnectionState;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.SignedAnnouncement;
import java.util.List;
import java.util.Set;

/** What XMPP tells: our connection, our roster, our friends' presence. */
public sealed interface PresenceEvent extends Event {
    record ConnectionChanged(ConnectionState state) implements PresenceEvent {}

    /** The roster, whole, at login and after each change. */
    record RosterChanged(List<RosterEntry> entries) implements PresenceEvent {
        public RosterChanged {
            entries = List.copyOf(entries);
        }
    }

    /** Who waits for us to accept or refuse, whole, after each change. */
    record RequestsChanged(Set<Jid> pending) implements PresenceEvent {
        public RequestsChanged {
            pending = Set.copyOf(pending);
        }
    }

    /** Who is blocked, whole, after each change; none of them is in the roster that is told. */
    record BlockedChanged(Set<Jid> blocked) implements PresenceEvent {
        public BlockedChanged {
            blocked = Set.copyOf(blocked);
        }
    }

    /** A contact came or left, with whatever program. */
    record ContactSeen(Jid jid, boolean available) implements PresenceEvent {}

    /**
     * A contact's program claims to be a device. Newest wins; the signature is not checked yet.
     *
     * @param usable as announced, with those addresses that may be dialled from here
     */
    record AnnouncementSeen(FullJid from, SignedAnnouncement signed, Announcement usable) implements PresenceEvent {}

    /** A contact's program that had announced a device is away. */
    record EndpointGone(FullJid endpoint) implements PresenceEvent {}

    /** Our own addresses, or the port at which we accept links, are others than before. */
    record NetworksChanged(AddressFilter filter) implements PresenceEvent, Snapshot {}

    /** The user added or accepted this contact here. */
    record ContactConfirmed(Jid jid) implements PresenceEvent {}

    /** The user removed or blocked this contact here; the server may not know yet. */
    record ContactRemoved(Jid jid) implements PresenceEvent {}
}
