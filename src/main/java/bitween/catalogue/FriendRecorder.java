package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.ContactSeen;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.UserException;
import bitween.store.CatalogueStore;
import bitween.store.FriendStore;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps when friends were seen, forgets who left the roster, and what those shared who do not let us see them any more. Thread: {@code io}. */
public final class FriendRecorder {
    private static final Logger log = LogManager.getLogger(FriendRecorder.class);

    private final Bus bus;
    private final FriendStore friends;
    private final CatalogueStore lists;
    private final Clock clock;
    private final Set<Jid> recorded = new HashSet<>();
    /** Null until it is known which account this is. */
    private @Nullable Jid self;

    public FriendRecorder(Bus bus, Mailbox io, FriendStore friends, CatalogueStore lists, Clock clock) {
        this.bus = bus;
        this.friends = friends;
        this.lists = lists;
        this.clock = clock;
        bus.subscribe(ContactSeen.class, io, this::onContactSeen);
        bus.subscribe(DeviceAnnounced.class, io, this::onDeviceAnnounced);
        bus.subscribe(DeviceGone.class, io, this::onDeviceGone);
        bus.subscribe(DeviceRemoved.class, io, this::onDeviceRemoved);
        bus.subscribe(ConnectionChanged.class, io, this::onConnectionChanged);
        bus.subscribe(RosterChanged.class, io, this::onRosterChanged);
    }

    /** At start, before there is a connection: tells what is known from earlier. */
    public void publishStored() {
        List<FriendList> stored = lists.all().stream()
                .map(row -> new FriendList(row.device(), row.deviceName(), row.revision(), row.shares(), row.fetched()))
                .toList();
        stored.forEach(list -> recorded.add(list.device().jid()));
        var seen = friends.seenContacts();
        recorded.addAll(seen.keySet());
        bus.publish(new FriendsLoaded(stored, seen));
    }

    private void onContactSeen(ContactSeen event) {
        recorded.add(event.jid());
        keep(() -> friends.saveSeen(event.jid(), clock.instant()));
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        recorded.add(event.device().jid());
        keep(() -> friends.saveSeen(event.device(), event.announcement().deviceName(), clock.instant()));
    }

    private void onDeviceGone(DeviceGone event) {
        if (recorded.contains(event.device().jid())) { // else they have just left the roster
            keep(() -> friends.saveSeen(event.device().jid(), clock.instant()));
        }
    }

    private void onDeviceRemoved(DeviceRemoved event) {
        friends.remove(event.device());
        lists.remove(event.device());
    }

    /** While nothing can be stored, it is only not known later when they were seen. */
    private static void keep(Runnable save) {
        try {
            save.run();
        } catch (UserException e) {
            log.warn("when a friend was seen is not kept: {}", e.sentence());
        }
    }

    private void onConnectionChanged(ConnectionChanged event) {
        FullJid bound = event.state().self();
        self = bound == null ? self : bound.jid();
    }

    private void onRosterChanged(RosterChanged event) {
        Set<Jid> current = event.entries().stream().map(RosterEntry::jid).collect(Collectors.toSet());
        List<Jid> left = recorded.stream()
                .filter(jid -> !current.contains(jid) && !jid.equals(self)) // one's own devices stand in no roster
                .toList();
        event.entries().stream()
                .filter(entry -> !entry.weSeeThem() && recorded.contains(entry.jid()))
                .forEach(entry -> lists.remove(entry.jid()));
        for (Jid jid : left) {
            recorded.remove(jid);
            friends.remove(jid);
            lists.remove(jid);
        }
    }
}
