package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent;
import bitween.message.PresenceEvent.AnnouncementSeen;
import bitween.message.PresenceEvent.ContactConfirmed;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.RosterEntry.Subscription;
import bitween.model.SignedAnnouncement;
import bitween.model.SignedAnnouncement.Endorsement;
import bitween.store.Database;
import bitween.store.TrustStore;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Pins on a store and a bus, with Alice's devices and one of our own; what they say is heard here. */
abstract class PinsFixture {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final Jid ME = new Jid("me@a.test");
    static final Jid ALICE = new Jid("alice@b.test");
    static final FullJid LAPTOP_AT = new FullJid(ALICE, "bitween-1");
    static final FullJid PHONE_AT = new FullJid(ALICE, "bitween-2");

    final DeviceKey own = DeviceKey.create();
    final DeviceKey laptop = DeviceKey.create();
    final DeviceKey phone = DeviceKey.create();

    @TempDir
    Path home;

    Database database;
    TrustStore store;
    ManualExecutor threads;
    Bus bus;
    Pins pins;
    final List<Event> said = new ArrayList<>();

    @BeforeEach
    void open() {
        database = Database.open(home.resolve("bitween.db"), home.resolve("native"));
        store = new TrustStore(database);
        threads = new ManualExecutor(1);
        bus = new Bus(threads.lane("bus"));
        Mailbox mailbox = threads.lane("link");
        bus.subscribe(LinkEvent.class, threads.lane("test"), said::add);
        pins = new Pins(bus, mailbox, store, own, ME, Clock.fixed(NOW, ZoneOffset.UTC));
        threads.runAll();
    }

    @AfterEach
    void close() {
        database.close();
    }

    void befriend() {
        says(new ContactConfirmed(ALICE), roster(Subscription.BOTH));
    }

    void says(Event... events) {
        Arrays.stream(events).forEach(event -> {
            bus.publish(event);
            threads.runAll();
        });
    }

    static RosterChanged roster(Subscription subscription) {
        return new RosterChanged(List.of(new RosterEntry(ALICE, null, subscription, false, Set.of())));
    }

    static AnnouncementSeen seen(FullJid from, SignedAnnouncement signed) {
        return new AnnouncementSeen(from, signed, signed.announcement());
    }

    static SignedAnnouncement signed(DeviceKey key, long counter, Endorsement... endorsements) {
        return Announcements.sign(key, ALICE, announcement("r" + counter), counter, NOW, Arrays.asList(endorsements));
    }

    static SignedAnnouncement signed(DeviceKey key, long counter, Instant time) {
        return Announcements.sign(key, ALICE, announcement("r" + counter), counter, time, List.of());
    }

    static SignedAnnouncement with(SignedAnnouncement signed, Announcement announcement, long counter) {
        return new SignedAnnouncement(
                announcement, signed.key(), counter, signed.time(), signed.endorsements(), signed.signature());
    }

    static Announcement announcement(String revision) {
        return new Announcement("laptop", List.of(PeerAddress.parse("192.0.2.7:6881")), revision);
    }

    static Device device(DeviceKey key) {
        return new Device(ALICE, new DeviceId(key.fingerprint().hex()));
    }

    <E extends Event> List<E> of(Class<E> type) {
        return said.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
