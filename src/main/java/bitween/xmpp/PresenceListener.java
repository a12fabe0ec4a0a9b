package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.PresenceEvent;
import bitween.model.AddressFilter;
import bitween.model.Announcement;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.SignedAnnouncement;
import bitween.xmpp.Oddities.Kind;
import bitween.xmpp.stanza.AnnouncementElement;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.packet.Presence;
import org.jspecify.annotations.Nullable;

/**
 * Turns presence into AnnouncementSeen, EndpointGone and ContactSeen; each only when it says something new. Believes contacts whose presence we may see and
 * our own other devices, and nobody else.
 *
 * <p>Thread: xmpp, but for {@link #onPresence}. Between the two is one place for each device, so that a storm of presences costs one event a while.
 */
final class PresenceListener {
    private static final Logger log = LogManager.getLogger(PresenceListener.class);
    /** What may wait for the mailbox, of everybody; strangers' presences are in it too. */
    private static final int MAX_WAITING = 16_384;
    /** Of one contact; more than any person has, less than a hostile server would like. */
    private static final int MAX_DEVICES = 32;
    /** Between two looks at what came in: what people notice, but no storm does harm. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final Contacts contacts;
    private final Pulse pulse;
    private final Oddities oddities;

    /** What came in since the last look, newest only; guarded by itself. */
    private final Map<FullJid, Seen> waiting = new LinkedHashMap<>();
    /** Whether a look is due; guarded by {@link #waiting}. */
    private boolean due;

    private final AtomicLong refused = new AtomicLong();

    private final Map<Jid, Map<FullJid, Known>> present = new HashMap<>();
    private AddressFilter filter = new AddressFilter(false, false, List.of(), 0);
    private @Nullable FullJid self;

    /** @param pulse is told which devices to watch; what it finds comes back by {@link #silent} and {@link #back} */
    PresenceListener(Bus bus, Mailbox mailbox, Timers timers, Contacts contacts, Pulse pulse, Oddities oddities) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
        this.contacts = contacts;
        this.pulse = pulse;
        this.oddities = oddities;
    }

    /** Presences so far that were dropped without a word: too many, or of whom the user has blocked. */
    long refused() {
        return refused.get();
    }

    void online(FullJid self) {
        this.self = self;
    }

    /** Nobody is known to be there any more. */
    void offline() {
        self = null;
        synchronized (waiting) {
            waiting.clear();
        }
        List.copyOf(present.keySet()).forEach(this::forget);
    }

    /** Called by Smack in the order of arrival, on its thread; only top-level presence comes here. */
    void onPresence(Presence presence) {
        boolean available = presence.isAvailable();
        FullJid sender = Addresses.sender(presence);
        AnnouncementElement element = available ? presence.getExtension(AnnouncementElement.class) : null;
        if (sender == null && element != null) {
            oddities.seen(presence.getFrom(), Kind.NAMELESS_DEVICE);
        }
        if (sender == null || (!available && presence.getType() != Presence.Type.unavailable)) {
            return;
        }
        SignedAnnouncement announcement = element == null ? null : element.signed();
        if (element != null && announcement == null) {
            oddities.seen(presence.getFrom(), Kind.MALFORMED_ANNOUNCEMENT);
            log.debug("{} announces what makes no sense: {}", sender, element.refusal());
            arrived(sender, new Seen(true, null, true));
        } else {
            arrived(sender, new Seen(available, announcement, false));
        }
    }

    private void arrived(FullJid sender, Seen seen) {
        synchronized (waiting) {
            if (waiting.size() >= MAX_WAITING && !waiting.containsKey(sender)) {
                refused.incrementAndGet();
                return;
            }
            waiting.put(sender, seen);
            if (due) {
                return;
            }
            due = true;
        }
        try {
            mailbox.execute(this::look);
        } catch (RejectedExecutionException e) {
            log.debug(
                    "presence found no room: {}",
                    e.getMessage()); // we are closing, or the next one finds room for both
            synchronized (waiting) {
                due = false;
            }
        }
    }

    private void look() {
        Map<FullJid, Seen> news;
        synchronized (waiting) {
            news = new LinkedHashMap<>(waiting);
            waiting.clear();
            due = !news.isEmpty();
        }
        if (!news.isEmpty()) {
            timers.after(PAUSE, mailbox, this::look);
            takeInTurn(news);
        }
    }

    /** After what was in the mailbox before this look: a presence that came after a change of the roster must not overtake it, or a new friend counts as a stranger. */
    private void takeInTurn(Map<FullJid, Seen> news) {
        try {
            mailbox.execute(() -> news.forEach(this::take));
        } catch (RejectedExecutionException e) {
            log.debug("presence is looked at before its turn: {}", e.getMessage());
            news.forEach(this::take);
        }
    }

    private void take(FullJid device, Seen seen) {
        if (self == null || device.equals(self) || !contacts.isSeen(device.jid())) {
            if (contacts.isBlocked(device.jid())) {
                refused.incrementAndGet();
            } else if (self != null && !device.equals(self) && seen.available()) {
                oddities.seen(Addresses.full(device), Kind.STRANGERS_PRESENCE);
            }
            return;
        }
        if (!seen.available()) {
            gone(device);
            return;
        }
        Map<FullJid, Known> devices = present.computeIfAbsent(device.jid(), jid -> new LinkedHashMap<>());
        Known before = devices.get(device);
        if (before == null && devices.size() >= MAX_DEVICES) {
            refused.incrementAndGet();
            return;
        }
        if (!isThere(device.jid())) {
            seen(device.jid(), true);
        }
        SignedAnnouncement now = seen.garbage() && before != null ? before.announced() : seen.announcement();
        devices.put(device, published(device, before, now));
        if (now == null) {
            pulse.forget(device); // another program may not answer, and need not
        } else {
            pulse.watch(device);
        }
    }

    /** Tells what is new in {@code announcement}, which is null for another program than bitween. */
    private Known published(FullJid device, @Nullable Known before, @Nullable SignedAnnouncement announcement) {
        Announcement told = before == null ? null : before.told();
        if (announcement == null) {
            if (told != null) {
                bus.publish(new PresenceEvent.EndpointGone(device));
            }
            return Known.OTHER_PROGRAM;
        }
        Announcement said = announcement.announcement();
        var usable = new Announcement(
                said.deviceName(),
                said.addresses().stream().filter(filter::accepts).distinct().toList(),
                said.revision());
        if (!usable.equals(told) || !announcement.equals(before == null ? null : before.announced())) {
            bus.publish(new PresenceEvent.AnnouncementSeen(device, announcement, usable));
        }
        return new Known(announcement, usable, false);
    }

    private void gone(FullJid device) {
        Map<FullJid, Known> devices = present.get(device.jid());
        Known known = devices == null ? null : devices.remove(device);
        if (devices == null || known == null) {
            return;
        }
        pulse.forget(device);
        if (devices.isEmpty()) {
            present.remove(device.jid());
        }
        left(device, known);
    }

    /** It is there no more, or silent from now on. */
    private void left(FullJid device, Known known) {
        if (known.told() != null) {
            bus.publish(new PresenceEvent.EndpointGone(device));
        }
        if (!known.silent() && !isThere(device.jid())) {
            seen(device.jid(), false);
        }
    }

    /** A device says nothing any more, and its server has not noticed. */
    void silent(FullJid device) {
        Map<FullJid, Known> devices = present.get(device.jid());
        Known known = devices == null ? null : devices.get(device);
        if (devices != null && known != null && !known.silent()) {
            log.debug("{} is silent", device);
            devices.put(device, new Known(known.announced(), null, true));
            left(device, known);
        }
    }

    /** A silent device is heard again; what it announced last still holds, or its next presence says otherwise. */
    void back(FullJid device) {
        Map<FullJid, Known> devices = present.get(device.jid());
        Known known = devices == null ? null : devices.get(device);
        if (devices != null && known != null && known.silent()) {
            if (!isThere(device.jid())) {
                seen(device.jid(), true);
            }
            devices.put(device, published(device, known, known.announced()));
        }
    }

    private boolean isThere(Jid jid) {
        return present.getOrDefault(jid, Map.of()).values().stream().anyMatch(known -> !known.silent());
    }

    private void seen(Jid jid, boolean available) {
        if (self == null || !jid.equals(self.jid())) {
            bus.publish(new PresenceEvent.ContactSeen(jid, available));
        }
    }

    private void forget(Jid jid) {
        Map<FullJid, Known> devices = present.get(jid);
        if (devices != null) {
            List.copyOf(devices.keySet()).forEach(this::gone);
        }
    }

    /** The roster changed: who may not be seen any more is gone. */
    void contactsChanged() {
        present.keySet().stream().filter(jid -> !contacts.isSeen(jid)).toList().forEach(this::forget);
    }

    /** Our own networks or port changed: other addresses may be reachable now. */
    void addressesChanged(AddressFilter now) {
        filter = now;
        present.values()
                .forEach(devices -> devices.replaceAll((device, known) -> known.announced() == null || known.silent()
                        ? known
                        : published(device, known, known.announced())));
    }

    /** Whether a device is there, with bitween or another program. */
    boolean isPresent(FullJid device) {
        Known known = present.getOrDefault(device.jid(), Map.of()).get(device);
        return known != null && !known.silent();
    }

    /** @param garbage whether an announcement came that makes no sense: then the last good one stays */
    private record Seen(boolean available, @Nullable SignedAnnouncement announcement, boolean garbage) {}

    /**
     * A device that is there.
     *
     * @param announced as received; null for another program
     * @param told what of it was published
     * @param silent whether it does not answer: for everybody else it is gone
     */
    private record Known(
            @Nullable SignedAnnouncement announced,
            @Nullable Announcement told,
            boolean silent) {
        static final Known OTHER_PROGRAM = new Known(null, null, false);
    }
}
