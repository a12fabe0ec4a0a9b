package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.DeviceHeld;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.LinkEvent.EndorsementsChanged;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.PresenceEvent.AnnouncementSeen;
import bitween.message.PresenceEvent.ContactConfirmed;
import bitween.message.PresenceEvent.ContactRemoved;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.TrustRequest.RevokeTrust;
import bitween.message.TrustRequest.TrustDevice;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DevicePublicKey;
import bitween.model.DeviceTrust;
import bitween.model.ErrorCode;
import bitween.model.Fingerprint;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.SignedAnnouncement;
import bitween.model.SignedAnnouncement.Endorsement;
import bitween.model.UserException;
import bitween.store.TrustStore;
import bitween.store.TrustStore.Pin;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose devices are who they say. The first device of a confirmed contact is pinned at first sight; every later one, one's own included, waits until a trusted
 * device of the same account has signed it or the user says so; one that comes in another's place with another key is blocked. Who is seen for the first time with an
 * announcement of another day is held too, and pinned once it announces itself anew; of whom we know, clocks decide nothing.
 *
 * <p>Thread: {@code link}, its mailbox; {@link #of} from any.
 */
final class Pins implements TrustedDevices {
    private static final Logger log = LogManager.getLogger(Pins.class);
    /** More devices than a person has; a server that makes up a new one each second must not fill the disk. */
    static final int MAX_PER_CONTACT = 32;

    private static final String UNTIMELY =
            "by its announcement and the clock here it is another day there: one of the two clocks is wrong, "
                    + "or a server repeats what was said long ago";
    private static final String REFUSED = "you trust it no longer";

    private final Bus bus;
    private final TrustStore store;
    private final DeviceKey key;
    private final Jid self;
    private final Clock clock;

    private final Map<Device, Pin> pins = new LinkedHashMap<>();
    /** Who said what last, of those that are online. */
    private final Map<FullJid, Seen> present = new HashMap<>();
    /** What was published as here; read by any thread. */
    private final Map<Device, FullJid> announced = new ConcurrentHashMap<>();

    private final Set<Jid> confirmed = new HashSet<>();
    private Set<Jid> contacts = Set.of();
    private final Set<String> warned = new HashSet<>();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Map<Fingerprint, Device> trusted = Map.of();
    /** Of those that are trusted. */
    private volatile Map<Device, DevicePublicKey> keys = Map.of();

    private record Seen(Device device, SignedAnnouncement signed, Announcement usable) {}

    Pins(Bus bus, Mailbox mailbox, TrustStore store, DeviceKey key, Jid self, Clock clock) {
        this.bus = bus;
        this.store = store;
        this.key = key;
        this.self = self;
        this.clock = clock;
        store.pins().forEach(pin -> pins.put(pin.device(), pin));
        confirmed.addAll(store.confirmed());
        bus.subscribe(AnnouncementSeen.class, mailbox, this::onAnnouncementSeen);
        bus.subscribe(EndpointGone.class, mailbox, this::onEndpointGone);
        bus.subscribe(RosterChanged.class, mailbox, this::onRosterChanged);
        bus.subscribe(ContactConfirmed.class, mailbox, this::onContactConfirmed);
        bus.subscribe(ContactRemoved.class, mailbox, this::onContactRemoved);
        bus.answer(TrustDevice.class, mailbox, this::onTrustDevice);
        bus.answer(RevokeTrust.class, mailbox, this::onRevokeTrust);
        look(); // quietly: who is to hear of it does not listen yet
    }

    /** Tells who is trusted, and once more who is no longer: a crash may have come between that and their lists. At start, once everybody listens; on the mailbox. */
    void publishStored() {
        pins.values().stream()
                .filter(pin -> pin.trust() == DeviceTrust.CHANGED)
                .forEach(pin -> bus.publish(new DeviceRemoved(pin.device())));
        publish();
    }

    private void publish() {
        bus.publish(new TrustChanged(Set.copyOf(trusted.values())));
    }

    @Override
    public Optional<Device> of(Fingerprint fingerprint) {
        return Optional.ofNullable(trusted.get(fingerprint));
    }

    /** Where a trusted device is on XMPP, while it is online. Any thread. */
    Optional<FullJid> whereabouts(Device device) {
        return Optional.ofNullable(announced.get(device));
    }

    /** The key of a device, if it is trusted and was seen. Any thread. */
    Optional<DevicePublicKey> keyOf(Device device) {
        return Optional.ofNullable(keys.get(device));
    }

    /** Announcements so far that were dropped: forged, old, or too many. Any thread. */
    long dropped() {
        return dropped.get();
    }

    private void onAnnouncementSeen(AnnouncementSeen event) {
        FullJid from = event.from();
        SignedAnnouncement signed = event.signed();
        if (!Announcements.isGenuine(from.jid(), signed)) {
            drop(from, "announces itself with a signature that is not its key's");
            return;
        }
        Device device =
                new Device(from.jid(), new DeviceId(signed.key().fingerprint().hex()));
        if (signed.key().fingerprint().equals(key.fingerprint())) {
            return; // ourselves, or who repeats what we said
        }
        Pin pin = pins.get(device);
        if (pin == null) {
            pin = firstSight(device, signed, from);
            if (pin == null) {
                drop(from, "announces more devices than the " + MAX_PER_CONTACT + " of one person that are kept");
                return;
            }
        } else if (signed.counter() < pin.counter()
                || (signed.counter() == pin.counter() && !from.resource().equals(pin.resource()))) {
            // the newest may come again from where it came, as servers send it at each login, but from nowhere else
            drop(from, "repeats an old announcement of " + brief(device));
            return;
        }
        pin = pin.seen(signed.key(), signed.announcement().deviceName(), from.resource(), signed.counter());
        pins.put(device, pin);
        keepSeen(pin);
        Seen before = present.put(from, new Seen(device, signed, event.usable()));
        if (before != null && !before.device.equals(device)) {
            goneUnlessElsewhere(before.device);
        }
        refresh();
        if (isHeldForItsTime(pin) && Announcements.isTimely(signed, clock.instant())) {
            judgeAnew(pin);
        } else {
            tell(from, pin, event.usable());
        }
        believe(device, signed);
    }

    /** While nothing can be stored a known device comes and goes all the same; what it repeats after a restart, it may then repeat once. */
    private void keepSeen(Pin pin) {
        try {
            store.saveSeen(pin);
        } catch (UserException e) {
            log.warn("{} was seen, which is not kept: {}", brief(pin.device()), e.sentence());
        }
    }

    /** @return null when there are too many */
    private @Nullable Pin firstSight(Device device, SignedAnnouncement signed, FullJid from) {
        List<Pin> others = pins.values().stream()
                .filter(pin -> pin.device().jid().equals(device.jid()))
                .toList();
        if (others.size() >= MAX_PER_CONTACT) {
            return null;
        }
        boolean known = others.stream().anyMatch(Pins::isJudged);
        boolean isUntimely = !known && !device.jid().equals(self) && !Announcements.isTimely(signed, clock.instant());
        Pin pin = new Pin(
                device,
                signed.key(),
                DeviceTrust.WAITING,
                isUntimely ? UNTIMELY : nobodyVouches(device.jid()),
                signed.announcement().deviceName(),
                from.resource(),
                signed.counter(),
                clock.instant());
        boolean replaced = others.stream()
                .anyMatch(other ->
                        other.trust() == DeviceTrust.TRUSTED && from.resource().equals(other.resource()));
        if (replaced) {
            pin = pin.with(DeviceTrust.CHANGED, "its key is not the one that was there before", clock.instant());
            log.warn("{} has another key than before: blocked until you trust it", from);
        } else if (isUntimely) {
            log.warn("{}, {}, is held: {}", from, brief(device), UNTIMELY);
        } else if (!known && mayBePinned(device.jid())) {
            pin = pin.with(DeviceTrust.TRUSTED, "the first device seen", clock.instant());
            log.info("{} is trusted from now on: the first device seen of {}", brief(device), device.jid());
        } else if (known || device.jid().equals(self)) {
            log.warn("{} is a device that was not there before, {}: held until it is trusted", from, brief(device));
        }
        store.save(pin);
        pins.put(device, pin);
        return pin;
    }

    /** Whoever has one that is trusted, or was, has had their first device; others wait. */
    private static boolean isJudged(Pin pin) {
        return pin.trust() != DeviceTrust.WAITING;
    }

    private String nobodyVouches(Jid jid) {
        return "no trusted device of " + (jid.equals(self) ? "yours" : "theirs") + " has vouched for it";
    }

    private static boolean isHeldForItsTime(Pin pin) {
        return pin.trust() == DeviceTrust.WAITING && pin.reason().equals(UNTIMELY);
    }

    /** It announced itself at a time that makes sense, and is there. */
    private void judgeAnew(Pin held) {
        Device device = held.device();
        Pin pin = held.with(DeviceTrust.WAITING, nobodyVouches(device.jid()), clock.instant());
        pins.put(device, pin);
        store.save(pin);
        pinFirst(device.jid());
        present.forEach((from, seen) -> {
            if (seen.device.equals(device) && !isTrusted(device)) {
                tell(from, pin, seen.usable);
            }
        });
    }

    private boolean mayBePinned(Jid jid) {
        return !jid.equals(self) && confirmed.contains(jid) && contacts.contains(jid);
    }

    /** What a trusted device says of others of the same account. */
    private void believe(Device device, SignedAnnouncement signed) {
        if (!isTrusted(device)) {
            return;
        }
        for (Endorsement endorsement : signed.endorsements()) {
            Device other =
                    new Device(device.jid(), new DeviceId(endorsement.device().hex()));
            Pin pin = pins.get(other);
            boolean wanted = pin == null || pin.trust() == DeviceTrust.WAITING;
            if (wanted
                    && !endorsement.device().equals(key.fingerprint())
                    && Announcements.isGenuine(device.jid(), signed.key(), endorsement)) {
                vouchedFor(other, pin, device);
            }
        }
    }

    private void vouchedFor(Device other, @Nullable Pin pin, Device by) {
        String reason = "vouched for by " + brief(by);
        Pin known = pin == null
                ? new Pin(other, null, DeviceTrust.TRUSTED, reason, "", null, 0, clock.instant())
                : pin.with(DeviceTrust.TRUSTED, reason, clock.instant());
        long others =
                pins.keySet().stream().filter(d -> d.jid().equals(other.jid())).count();
        if (pin == null && others >= MAX_PER_CONTACT && !madeRoom(other.jid())) {
            dropped.incrementAndGet();
            return;
        }
        judge(known);
    }

    /** Forgets the one that waits in vain for longest: a server that makes up devices must not keep a real one out. */
    private boolean madeRoom(Jid jid) {
        Optional<Device> oldest = pins.values().stream()
                .filter(pin -> pin.device().jid().equals(jid) && pin.trust() == DeviceTrust.WAITING)
                .filter(pin -> present.values().stream().noneMatch(seen -> seen.device.equals(pin.device())))
                .min(Comparator.comparing(Pin::since))
                .map(Pin::device);
        oldest.ifPresent(device -> {
            store.remove(device);
            pins.remove(device);
        });
        return oldest.isPresent();
    }

    private void judge(Pin pin) {
        store.save(pin);
        judged(pin);
    }

    private void judged(Pin pin) {
        pins.put(pin.device(), pin);
        refresh();
        present.forEach((from, seen) -> {
            if (seen.device.equals(pin.device())) {
                tell(from, pin, seen.usable);
            }
        });
    }

    /** The user's word. Answers with what is trusted now. */
    private Device onTrustDevice(TrustDevice request) {
        Device device = request.device();
        Pin pin = pins.get(device);
        if (pin == null) {
            throw new UserException(
                    ErrorCode.UNKNOWN_FRIEND,
                    "no device " + brief(device) + " of " + device.jid() + " was ever seen",
                    "look at the devices: bitween friends");
        }
        if (!device.jid().equals(self)) {
            confirmed.add(device.jid());
            store.confirm(device.jid(), clock.instant());
        } else {
            store.saveEndorsement(self, Announcements.endorse(key, self, fingerprint(device)), clock.instant());
            bus.publish(new EndorsementsChanged());
        }
        judge(pin.with(DeviceTrust.TRUSTED, "you trusted it", clock.instant()));
        return device;
    }

    /** The user's word. Its key is kept: else it would be the first device of somebody once more. Answers with what is trusted no longer. */
    private Device onRevokeTrust(RevokeTrust request) {
        Device device = request.device();
        if (fingerprint(device).equals(key.fingerprint())) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "that is this device itself", "say it on another one of yours");
        }
        String reason = REFUSED + "; when you do again: bitween trust " + device.jid() + " " + brief(device);
        Pin pin = pins.get(device);
        Pin revoked = pin == null
                ? new Pin(device, null, DeviceTrust.CHANGED, reason, "", null, 0, clock.instant())
                : pin.with(DeviceTrust.CHANGED, reason, clock.instant());
        store.revoke(revoked);
        if (device.jid().equals(self)) {
            bus.publish(new EndorsementsChanged());
        }
        gone(device);
        bus.publish(new DeviceRemoved(device));
        judged(revoked);
        log.info("{} of {} is trusted no longer: you said so", brief(device), device.jid());
        return device;
    }

    private void onContactConfirmed(ContactConfirmed event) {
        if (confirmed.add(event.jid())) {
            store.confirm(event.jid(), clock.instant());
            pinFirst(event.jid());
        }
    }

    /** Whose device was here before they were a confirmed contact. */
    private void pinFirst(Jid jid) {
        if (!mayBePinned(jid)) {
            return;
        }
        List<Pin> all = pins.values().stream()
                .filter(pin -> pin.device().jid().equals(jid))
                .toList();
        List<Pin> timely = all.stream().filter(pin -> !isHeldForItsTime(pin)).toList();
        if (all.stream().noneMatch(Pins::isJudged) && !timely.isEmpty()) {
            judge(timely.get(0).with(DeviceTrust.TRUSTED, "the first device seen", clock.instant()));
        }
    }

    /** The user removed them; a server that only leaves them out of the roster for a while does not make us forget a key. */
    private void onContactRemoved(ContactRemoved event) {
        Jid jid = event.jid();
        confirmed.remove(jid);
        store.remove(jid);
        List.copyOf(pins.keySet()).stream()
                .filter(device -> device.jid().equals(jid))
                .forEach(device -> {
                    pins.remove(device);
                    gone(device);
                });
        refresh();
    }

    private void onRosterChanged(RosterChanged event) {
        contacts = event.entries().stream()
                .filter(entry -> entry.weSeeThem() && entry.theySeeUs())
                .map(RosterEntry::jid)
                .collect(Collectors.toUnmodifiableSet());
        contacts.forEach(this::pinFirst);
        refresh();
        present.forEach((from, seen) -> {
            Pin pin = pins.get(seen.device);
            if (pin != null && isTrusted(seen.device) && !announced.containsKey(seen.device)) {
                tell(from, pin, seen.usable);
            }
        });
        List.copyOf(announced.keySet()).stream()
                .filter(device -> !isTrusted(device))
                .forEach(this::gone);
    }

    private void onEndpointGone(EndpointGone event) {
        Seen seen = present.remove(event.endpoint());
        if (seen != null) {
            goneUnlessElsewhere(seen.device);
        }
    }

    private void goneUnlessElsewhere(Device device) {
        if (present.values().stream().noneMatch(seen -> seen.device.equals(device))) {
            gone(device);
        }
    }

    private void gone(Device device) {
        if (announced.remove(device) != null) {
            bus.publish(new DeviceGone(device));
        }
    }

    private void tell(FullJid from, Pin pin, Announcement usable) {
        if (isTrusted(pin.device())) {
            announced.put(pin.device(), from);
            bus.publish(new DeviceAnnounced(pin.device(), usable));
        } else {
            Jid jid = pin.device().jid();
            String reason = jid.equals(self) || confirmed.contains(jid)
                    ? pin.reason()
                    : "you have not confirmed them here: bitween friend add " + jid;
            bus.publish(new DeviceHeld(
                    pin.device(), pin.name(), pin.trust(), reason, pin.reason().startsWith(REFUSED)));
        }
    }

    private boolean isTrusted(Device device) {
        return device.equals(trusted.get(fingerprint(device)));
    }

    private void refresh() {
        if (look()) {
            publish();
        }
    }

    /** @return whether others are trusted than before */
    private boolean look() {
        Map<Fingerprint, Device> now = new HashMap<>();
        Map<Device, DevicePublicKey> nowKeys = new HashMap<>();
        for (Pin pin : pins.values()) {
            Jid jid = pin.device().jid();
            boolean ours = jid.equals(self);
            if (pin.trust() == DeviceTrust.TRUSTED && (ours || (confirmed.contains(jid) && contacts.contains(jid)))) {
                now.put(fingerprint(pin.device()), pin.device());
                if (pin.key() != null) {
                    nowKeys.put(pin.device(), pin.key());
                }
            }
        }
        keys = Map.copyOf(nowKeys);
        boolean others = !now.equals(trusted);
        trusted = Map.copyOf(now);
        return others;
    }

    private static Fingerprint fingerprint(Device device) {
        return new Fingerprint(device.id().value());
    }

    private static String brief(Device device) {
        return fingerprint(device).brief();
    }

    private void drop(FullJid from, String what) {
        dropped.incrementAndGet();
        if (warned.add(from.jid() + what) && warned.size() < 1_000) {
            log.warn("{} {}: dropped", from, what);
        }
    }
}
