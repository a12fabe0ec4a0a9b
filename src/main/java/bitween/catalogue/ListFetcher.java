package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFailed;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.DeviceAnnounced;
import bitween.message.PresenceEvent.DeviceGone;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.Jid;
import bitween.model.PageQuery;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.store.CatalogueStore;
import bitween.store.CatalogueStore.FriendListRow;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks a friend's device for its list when it announces a revision that is not here, and keeps it. Thread: {@code io}. One question per device at a time; what
 * is announced meanwhile is looked at when the answer is here; what failed is asked again after a while, which doubles with each failure.
 */
public final class ListFetcher {
    private static final Logger log = LogManager.getLogger(ListFetcher.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(30);
    /** Of those who never answer, such as a contact who does not see us: that is no news each half a minute. */
    private static final Duration LAST_RETRY = Duration.ofMinutes(32);

    private final Bus bus;
    private final Mailbox io;
    private final Timers timers;
    private final CatalogueStore store;
    private final Clock clock;
    /** The newest announcement of each device that is online. */
    private final Map<Device, Announcement> announced = new HashMap<>();

    private final Map<Device, String> held = new HashMap<>();
    private final Set<Device> asking = new HashSet<>();
    /** When to ask those again that failed to answer. */
    private final Map<Device, Timers.Timer> retries = new HashMap<>();
    /** How long those waited that failed to answer, the last time. */
    private final Map<Device, Duration> waits = new HashMap<>();
    /** Null until it is known which account this is. */
    private @Nullable Jid self;

    public ListFetcher(Bus bus, Mailbox io, Timers timers, CatalogueStore store, Clock clock) {
        this.bus = bus;
        this.io = io;
        this.timers = timers;
        this.store = store;
        this.clock = clock;
        bus.subscribe(DeviceAnnounced.class, io, this::onDeviceAnnounced);
        bus.subscribe(DeviceGone.class, io, this::onDeviceGone);
        bus.subscribe(ConnectionChanged.class, io, this::onConnectionChanged);
        bus.subscribe(RosterChanged.class, io, this::onRosterChanged);
        store.all().forEach(list -> held.put(list.device(), list.revision()));
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        announced.put(event.device(), event.announcement());
        askIfNew(event.device());
    }

    private void onDeviceGone(DeviceGone event) {
        announced.remove(event.device());
        waits.remove(event.device());
    }

    private void onConnectionChanged(ConnectionChanged event) {
        Device device = event.state().self();
        self = device == null ? self : device.jid();
    }

    /** Who left is forgotten, also here: should they come back, their list is asked for again. */
    private void onRosterChanged(RosterChanged event) {
        Set<Jid> current = event.entries().stream().map(RosterEntry::jid).collect(Collectors.toSet());
        Predicate<Device> left =
                device -> !current.contains(device.jid()) && !device.jid().equals(self);
        announced.keySet().removeIf(left);
        held.keySet().removeIf(left);
        asking.removeIf(left);
        waits.keySet().removeIf(left);
    }

    private void askIfNew(Device device) {
        assert io.isOwner() : Thread.currentThread();
        Announcement announcement = announced.get(device);
        if (announcement == null || announcement.revision().isEmpty() || asking.contains(device)) {
            return;
        }
        if (announcement.revision().equals(held.get(device))) {
            return;
        }
        asking.add(device);
        var unused = PagedFetch.start(bus, io, device, PageQuery.Kind.CATALOGUE, null, CatalogueDocument.MAX_BYTES)
                .whenCompleteAsync((document, failure) -> onAnswer(device, announcement, document, failure), io);
    }

    private void onAnswer(
            Device device, Announcement asked, PagedFetch.@Nullable Document document, @Nullable Throwable failure) {
        if (!asking.remove(device)) {
            return; // it left the roster meanwhile
        }
        if (document == null) {
            onFailure(device, failure);
            return;
        }
        FriendList list;
        try {
            list = keep(device, asked.deviceName(), document);
        } catch (RuntimeException e) {
            onFailure(device, e);
            return;
        }
        held.put(device, list.revision());
        waits.remove(device);
        bus.publish(new FriendListFetched(list));
        Announcement newest = announced.get(device);
        if (newest != null && !newest.revision().equals(asked.revision())) {
            askIfNew(device); // it announced again while it answered
        }
    }

    private void onFailure(Device device, @Nullable Throwable failure) {
        String reason = failure == null
                ? "no answer"
                : String.valueOf(Bus.causeOf(failure).getMessage());
        Duration last = waits.get(device);
        log.log(last == null ? Level.WARN : Level.DEBUG, "{} did not tell what it shares: {}", device, reason);
        bus.publish(new FriendListFailed(device, reason));
        Duration wait = last == null ? FIRST_RETRY : last.compareTo(LAST_RETRY) < 0 ? last.multipliedBy(2) : LAST_RETRY;
        waits.put(device, wait);
        Timers.Timer earlier = retries.put(device, timers.after(wait, io, () -> {
            retries.remove(device);
            askIfNew(device);
        }));
        if (earlier != null) {
            earlier.cancel();
        }
    }

    private FriendList keep(Device device, String name, PagedFetch.Document document) {
        List<Share> shares =
                CatalogueDocument.decode(Compressed.inflate(document.content(), CatalogueDocument.MAX_BYTES));
        FriendListRow row = new FriendListRow(device, name, document.revision(), shares, clock.instant());
        store.replace(row);
        return new FriendList(device, name, row.revision(), shares, row.fetched());
    }
}
