package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFailed;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.UserException;
import bitween.store.CatalogueStore;
import bitween.store.CatalogueStore.FriendListRow;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks a friend's device for its list when it announces another revision than when it was asked last, and keeps it. Thread: {@code io}. One question per device
 * at a time; what is announced meanwhile is looked at when the answer is here; what failed is asked again after a while,
 * which doubles with each failure. The device is told which list is here, and answers with what is other now; when that does not lead to the list that it
 * means, the whole is asked for at once.
 *
 * <p>What a device announces is about all its friends, what it answers about us: often the list turns out to be the one that is here.
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
    private final FormerRevisions formers;
    private final Clock clock;
    /** The newest announcement of each device that is online. */
    private final Map<Device, Announcement> announced = new HashMap<>();

    private final Map<Device, Held> held = new HashMap<>();
    private final Set<Device> asking = new HashSet<>();
    /** Those asked that have announced something since, be it what they announced before: what they answer may be of the time between. */
    private final Set<Device> again = new HashSet<>();
    /** When to ask those again that failed to answer. */
    private final Map<Device, Timers.Timer> retries = new HashMap<>();
    /** How long those waited that failed to answer, the last time. */
    private final Map<Device, Duration> waits = new HashMap<>();

    private final AtomicLong refused = new AtomicLong();
    /** Null until it is known which account this is. */
    private @Nullable Jid self;

    /**
     * A list that is here.
     *
     * @param announced what its device announced when it was asked
     * @param revision as the reply named it
     */
    private record Held(String announced, String revision) {}

    public ListFetcher(Bus bus, Mailbox io, Timers timers, CatalogueStore store, FormerRevisions formers, Clock clock) {
        this.bus = bus;
        this.io = io;
        this.timers = timers;
        this.store = store;
        this.formers = formers;
        this.clock = clock;
        bus.subscribe(DeviceAnnounced.class, io, this::onDeviceAnnounced);
        bus.subscribe(DeviceGone.class, io, this::onDeviceGone);
        bus.subscribe(DeviceRemoved.class, io, this::onDeviceRemoved);
        bus.subscribe(ConnectionChanged.class, io, this::onConnectionChanged);
        bus.subscribe(RosterChanged.class, io, this::onRosterChanged);
        store.all().forEach(list -> held.put(list.device(), new Held(list.announced(), list.revision())));
    }

    /** Lists and differences so far that were wrong, or too large. Any thread. */
    long refused() {
        return refused.get();
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        Device device = event.device();
        Announcement before = announced.put(device, event.announcement());
        if (asking.contains(device)) {
            again.add(device);
        } else if (event.announcement().equals(before)) {
            // said twice without need: there was another list in between, and it may be the one that was read
            held.computeIfPresent(device, (same, here) -> new Held("", here.revision));
        }
        askIfNew(device);
    }

    private void onDeviceGone(DeviceGone event) {
        announced.remove(event.device());
        waits.remove(event.device());
    }

    private void onConnectionChanged(ConnectionChanged event) {
        FullJid bound = event.state().self();
        self = bound == null ? self : bound.jid();
    }

    /** Who left, or does not let us see them any more, is forgotten, also here: should they come back, their list is asked for again. */
    private void onRosterChanged(RosterChanged event) {
        Set<Jid> current = event.entries().stream()
                .filter(RosterEntry::weSeeThem)
                .map(RosterEntry::jid)
                .collect(Collectors.toSet());
        forget(device -> !current.contains(device.jid()) && !device.jid().equals(self));
    }

    /** Should it be trusted again, its list is asked for as one that was never here. */
    private void onDeviceRemoved(DeviceRemoved event) {
        forget(event.device()::equals);
    }

    private void forget(Predicate<Device> left) {
        announced.keySet().removeIf(left);
        held.keySet().removeIf(left);
        asking.removeIf(left);
        again.removeIf(left);
        waits.keySet().removeIf(left);
    }

    private void askIfNew(Device device) {
        assert io.isOwner() : Thread.currentThread();
        Announcement announcement = announced.get(device);
        if (announcement == null || announcement.revision().isEmpty() || asking.contains(device)) {
            return;
        }
        Held here = held.get(device);
        if (here != null && announcement.revision().equals(here.announced)) {
            return;
        }
        asking.add(device);
        String revision = here == null ? "" : here.revision;
        var unused = PagedFetch.startList(bus, io, device, Compressed.MAX_LIST_BYTES, revision)
                .whenCompleteAsync(
                        (document, failure) -> onAnswer(device, announcement, revision, document, failure), io);
    }

    private void onAnswer(
            Device device,
            Announcement asked,
            String base,
            PagedFetch.@Nullable Document document,
            @Nullable Throwable failure) {
        if (!asking.remove(device)) {
            return; // it left the roster meanwhile
        }
        boolean announcedSince = again.remove(device);
        if (document == null) {
            onFailure(device, base, failure);
            return;
        }
        FriendListRow row;
        try {
            row = keep(device, asked.deviceName(), announcedSince ? "" : asked.revision(), base, document);
        } catch (RuntimeException e) {
            onFailure(device, base, e);
            return;
        }
        held.put(device, new Held(row.announced(), row.revision()));
        waits.remove(device);
        bus.publish(new FriendListFetched(
                new FriendList(device, row.deviceName(), row.revision(), row.shares(), row.fetched())));
        askIfNew(device);
    }

    private void onFailure(Device device, String base, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Bus.causeOf(failure);
        String reason = cause == null ? "no answer" : String.valueOf(cause.getMessage());
        if (cause instanceof UserException e && e.code() == ErrorCode.BAD_METADATA) {
            refused.incrementAndGet();
            if (!base.isEmpty()) {
                log.debug("{} is asked for its whole list: {}", device, reason);
                held.put(device, new Held("", ""));
                askIfNew(device);
                return;
            }
        }
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

    /**
     * Only this thread changes lists in the store, and each change is one transaction.
     *
     * @param announced the revision that it is the list of, as the device announced it; empty: that is not sure
     * @param base the revision that the device was told is here; empty: none
     */
    private FriendListRow keep(
            Device device, String name, String announced, String base, PagedFetch.Document document) {
        if (!base.isEmpty() && base.equals(document.revision())) {
            return store.confirm(device, name, announced, clock.instant()).orElseThrow(ListFetcher::gone);
        }
        ListDifference difference =
                CatalogueDocument.decode(Compressed.inflate(document.content(), Compressed.MAX_LIST_BYTES));
        FriendListRow here = store.list(device).orElse(null);
        List<Share> shares;
        if (difference.isWhole()) {
            shares = difference.applyTo("", List.of());
        } else if (here != null) {
            shares = difference.applyTo(here.revision(), here.shares());
        } else {
            throw gone();
        }
        if (shares.size() + store.sharesOfOthers(device) > ListDifference.MAX_SHARES) {
            throw ListDifference.broken(
                    "all devices of its owner together have more than " + ListDifference.MAX_SHARES + " shares", null);
        }
        FriendListRow row = new FriendListRow(device, name, announced, document.revision(), shares, clock.instant());
        formers.note(here == null ? List.of() : here.shares(), shares);
        store.replace(row);
        return row;
    }

    /** The store keeps a limited number. */
    private static UserException gone() {
        return ListDifference.broken("it is the difference to a list that is not here any more", null);
    }
}
