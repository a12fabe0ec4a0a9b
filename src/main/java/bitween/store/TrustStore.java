package bitween.store;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DevicePublicKey;
import bitween.model.DeviceTrust;
import bitween.model.Fingerprint;
import bitween.model.Jid;
import bitween.model.SignedAnnouncement.Endorsement;
import bitween.model.UserException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whose keys are trusted. Thread: any but {@code bus}. Each call is one transaction; trust is on disk for good when a call returns, failures are those of
 * {@link Database}.
 */
public final class TrustStore {
    static final String PINS = "select * from device_key order by jid, since_ms";
    static final String CONFIRMED = "select jid from contact_confirmed";

    private final Database database;
    private final AtomicLong lastCounter = new AtomicLong();

    public TrustStore(Database database) {
        this.database = database;
    }

    /**
     * A device of a contact, or of one's own account.
     *
     * @param key null until it was seen
     * @param resource where it was seen last on XMPP; null: nowhere yet
     * @param counter of its newest announcement
     */
    public record Pin(
            Device device,
            @Nullable DevicePublicKey key,
            DeviceTrust trust,
            String reason,
            String name,
            @Nullable String resource,
            long counter,
            Instant since) {
        public Pin with(DeviceTrust newTrust, String newReason, Instant now) {
            return new Pin(device, key, newTrust, newReason, name, resource, counter, now);
        }

        public Pin seen(DevicePublicKey seenKey, String seenName, String seenAt, long newCounter) {
            return new Pin(device, seenKey, trust, reason, seenName, seenAt, newCounter, since);
        }
    }

    public List<Pin> pins() {
        return database.read(connection -> Sql.rows(connection, PINS, TrustStore::pin));
    }

    public void save(Pin pin) {
        database.change(connection -> save(connection, pin));
    }

    /** As {@link #save}, but a power failure may undo it: for counters and names, which come again. */
    public void saveSeen(Pin pin) {
        database.changeRelaxed(connection -> save(connection, pin));
    }

    private static void save(java.sql.Connection connection, Pin pin) throws SQLException {
        DevicePublicKey key = pin.key();
        Sql.update(
                connection,
                """
                insert into device_key (jid, device, spki, trust, reason, name, resource, counter, since_ms)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (jid, device) do update set spki = excluded.spki, trust = excluded.trust, reason = excluded.reason,
                    name = excluded.name, resource = excluded.resource, counter = max(counter, excluded.counter), since_ms = excluded.since_ms""",
                pin.device().jid(),
                pin.device().id(),
                key == null ? null : key.spki(),
                pin.trust(),
                pin.reason(),
                pin.name(),
                pin.resource(),
                pin.counter(),
                pin.since());
    }

    public Set<Jid> confirmed() {
        return database.read(connection -> new TreeSet<>(Sql.rows(connection, CONFIRMED, row -> Sql.jid(row, "jid"))));
    }

    public void confirm(Jid contact, Instant when) {
        database.change(connection -> Sql.update(
                connection,
                "insert into contact_confirmed (jid, since_ms) values (?, ?) on conflict (jid) do nothing",
                contact,
                when));
    }

    /** Forgets a contact's confirmation and the keys of all their devices. */
    public void remove(Jid contact) {
        database.change(connection -> {
            Sql.update(connection, "delete from contact_confirmed where jid = ?", contact);
            Sql.update(connection, "delete from device_key where jid = ?", contact);
        });
    }

    /** Forgets one device. */
    public void remove(Device device) {
        database.change(connection -> Sql.update(
                connection, "delete from device_key where jid = ? and device = ?", device.jid(), device.id()));
    }

    /** Our own, the newest first. */
    public List<Endorsement> endorsements(Jid self) {
        return database.read(connection -> Sql.rows(
                connection,
                "select device, signature from endorsement where jid = ? order by since_ms desc, device",
                row -> new Endorsement(new Fingerprint(row.getString("device")), Bytes.of(row.getBytes("signature"))),
                self));
    }

    public void saveEndorsement(Jid self, Endorsement endorsement, Instant when) {
        database.change(connection ->
                Sql.update(connection, """
                insert into endorsement (jid, device, signature, since_ms) values (?, ?, ?, ?)
                on conflict (jid, device) do update set signature = excluded.signature""", self, endorsement.device().hex(), endorsement.signature(), when));
    }

    /** Saves a device that is trusted no longer, and takes back our word for it, if there is one. */
    public void revoke(Pin pin) {
        Device device = pin.device();
        database.change(connection -> {
            save(connection, pin);
            Sql.update(connection, "delete from endorsement where jid = ? and device = ?", device.jid(), device.id());
        });
    }

    /**
     * The counter of our next announcement: the larger of the last one + 1 and the clock, so that a restored database does not go back. A power failure may undo it;
     * then the clock has moved on.
     */
    public long nextCounter(Jid self, Instant now) {
        long counter;
        try {
            counter = storedCounter(self, now);
        } catch (UserException e) {
            if (database.trouble() == null) {
                throw e;
            }
            counter = now.toEpochMilli(); // what is announced must not wait for a disk
        }
        return lastCounter.updateAndGet(atLeast(counter));
    }

    private static LongUnaryOperator atLeast(long counter) {
        return last -> Math.max(last + 1, counter);
    }

    private long storedCounter(Jid self, Instant now) {
        return database.transactionRelaxed(connection -> {
            Sql.update(connection, """
                    insert into announced (jid, counter) values (?, ?)
                    on conflict (jid) do update set counter = max(counter + 1, excluded.counter)""", self, now.toEpochMilli());
            Optional<Long> counter =
                    Sql.first(connection, "select counter from announced where jid = ?", row -> row.getLong(1), self);
            return counter.orElseThrow();
        });
    }

    static Pin pin(ResultSet row) throws SQLException {
        byte[] spki = row.getBytes("spki");
        return new Pin(
                new Device(new Jid(row.getString("jid")), new DeviceId(row.getString("device"))),
                spki == null ? null : new DevicePublicKey(Bytes.of(spki)),
                DeviceTrust.valueOf(row.getString("trust")),
                row.getString("reason"),
                row.getString("name"),
                row.getString("resource"),
                row.getLong("counter"),
                Sql.instant(row, "since_ms"));
    }
}
