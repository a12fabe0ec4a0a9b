package bitween.message;

import bitween.bus.Event;
import bitween.model.Announcement;
import bitween.model.ConnectionState;
import bitween.model.Device;
import bitween.model.Jid;
import bitween.model.RosterEntry;
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

    /** A contact came or left, with whatever program. */
    record ContactSeen(Jid jid, boolean available) implements PresenceEvent {}

    /** A contact's device says where it is and what revision its catalogue has. Newest wins. */
    record DeviceAnnounced(Device device, Announcement announcement) implements PresenceEvent {}

    /** A contact's device went away. Its addresses are void. */
    record DeviceGone(Device device) implements PresenceEvent {}
}
