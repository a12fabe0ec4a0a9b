package bitween.store;

import bitween.model.Absence;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When contacts and their devices were last seen, who asks to be a friend, who is blocked or removed, and our own resource.
 *
 * <p>Thread: any but {@code bus}. Each call is one transaction; failures are those of {@link Database}.
 */
public final class FriendStore {
    /** More devices than a person has; a friend's program that makes up a new one at each start must not fill the disk. The oldest go. */
    static final int MAX_DEVICES_PER_CONTACT = 32;
    /** Anybody can ask; the server keeps what is refused here and asks again at the next login. */
    static final int MAX_REQUESTS = 1_000;
    /** 64 random bits: nobody guesses where to send. */
    private static final int RESOURCE_BYTES = 8;

    static final String CONTACTS = "select jid, seen_ms as ms from contact_seen order by jid";
    static final String DEVICES = "select * from device_seen order by jid, seen_ms desc, device";
    static final String REQUESTS = "select jid, since_ms as ms from friend_request order by since_ms, jid";
    static final String BLOCKED = "select * from blocked order by jid";

    private final Database database;
    private final SecureRandom random = new SecureRandom();

    public FriendStore(Database database) {
        this.database = database;
    }

    /** A contact's device as it was last seen. */
    public record SeenDevice(Device device, String name, Instant seen) {}

    /** @return the XMPP resource of this installation for the account {@code self}, made at the first call: "bitween-" and 16 hex digits */
    public String resource(Jid self) {
        byte[] bytes = new byte[RESOURCE_BYTES];
        random.nextBytes(bytes);
        String fresh = "bitween-" + HexFormat.of().formatHex(bytes);
        return database.transaction(connection -> {
            Sql.update(
                    connection,
                    "insert into account (jid, resource) values (?, ?) on conflict (jid) do nothing",
                    self,
                    fresh);
            return Sql.first(
                            connection,
                            "select resource from account where jid = ?",
                            result -> result.getString(1),
                            self)
                    .orElseThrow();
        });
    }

    public Absence absence(Jid self) {
        return database.read(connection -> Sql.first(
                        connection,
                        "select absence from account where jid = ?",
                        result -> Absence.valueOf(result.getString(1)),
                        self))
                .orElse(Absence.PRESENT);
    }

    /** Of an account that has its {@link #resource}. */
    public void saveAbsence(Jid self, Absence wanted) {
        database.change(connection ->
                Sql.update(connection, "update account set absence = ? where jid = ?", wanted.name(), self));
    }

    public void saveSeen(Jid contact, Instant when) {
        database.changeRelaxed(connection -> upsertSeen(connection, contact, when));
    }

    /** Saves when a device was seen, and with it its contact. */
    public void saveSeen(Device device, String name, Instant when) {
        database.changeRelaxed(connection -> {
            upsertSeen(connection, device.jid(), when);
            Sql.update(connection, """
                    insert into device_seen (jid, device, name, seen_ms) values (?, ?, ?, ?)
                    on conflict (jid, device) do update set name = excluded.name, seen_ms = excluded.seen_ms""", device.jid(), device.id(), name, when);
            Sql.update(connection, """
                    delete from device_seen where jid = ? and rowid not in (
                        select rowid from device_seen where jid = ? order by seen_ms desc, rowid desc limit ?)""", device.jid(), device.jid(), MAX_DEVICES_PER_CONTACT);
        });
    }

    public Map<Jid, Instant> seenContacts() {
        return instants(CONTACTS);
    }

    /** All of them, by contact, the one seen last first. */
    public List<SeenDevice> seenDevices() {
        return database.read(connection -> Sql.rows(connection, DEVICES, FriendStore::device));
    }

    static SeenDevice device(ResultSet row) throws SQLException {
        return new SeenDevice(
                new Device(Sql.jid(row, "jid"), new DeviceId(row.getString("device"))),
                row.getString("name"),
                Sql.instant(row, "seen_ms"));
    }

    /**
     * Keeps that somebody waits for us to accept; the first time counts.
     *
     * @return false when too many wait already, and this one is not kept
     */
    public boolean saveRequest(Jid from, Instant when) {
        return database.transaction(connection -> {
            Sql.update(connection, """
                    insert into friend_request (jid, since_ms)
                    select ?, ? where (select count(*) from friend_request) < ?
                    on conflict (jid) do nothing""", from, when, MAX_REQUESTS);
            return Sql.first(connection, "select 1 from friend_request where jid = ?", row -> true, from)
                    .isPresent();
        });
    }

    /** Who waits for us since when, the longest first. */
    public Map<Jid, Instant> requests() {
        return instants(REQUESTS);
    }

    public void removeRequest(Jid from) {
        database.change(connection -> Sql.update(connection, "delete from friend_request where jid = ?", from));
    }

    /** Who is blocked, and whether they were told; by address. */
    public Map<Jid, Boolean> blocked() {
        return database.read(connection -> {
            Map<Jid, Boolean> blocked = new LinkedHashMap<>();
            Sql.rows(connection, BLOCKED, row -> Map.entry(new Jid(row.getString("jid")), row.getBoolean("told")))
                    .forEach(entry -> blocked.put(entry.getKey(), entry.getValue()));
            return blocked;
        });
    }

    /** Keeps that somebody is blocked since {@code when}, or was told so. */
    public void saveBlocked(Jid jid, boolean told, Instant when) {
        database.change(connection -> Sql.update(connection, """
                insert into blocked (jid, since_ms, told) values (?, ?, ?)
                on conflict (jid) do update set told = excluded.told""", jid, when, told ? 1 : 0));
    }

    public void removeBlocked(Jid jid) {
        database.change(connection -> Sql.update(connection, "delete from blocked where jid = ?", jid));
    }

    /** Whom the server has to take out of the roster. */
    public Set<Jid> removed() {
        return Set.copyOf(database.read(connection ->
                Sql.rows(connection, "select jid from removed order by jid", row -> new Jid(row.getString("jid")))));
    }

    /** Keeps that somebody was removed at {@code when}, until {@link #forgetRemoved}. */
    public void saveRemoved(Jid jid, Instant when) {
        database.change(connection -> Sql.update(
                connection,
                "insert into removed (jid, since_ms) values (?, ?) on conflict (jid) do nothing",
                jid,
                when));
    }

    /** The server has done it, or they are wanted again. */
    public void forgetRemoved(Jid jid) {
        database.change(connection -> Sql.update(connection, "delete from removed where jid = ?", jid));
    }

    /** Forgets all of a contact: when they and their devices were seen, and their request. */
    public void remove(Jid contact) {
        database.change(connection -> {
            for (String table : List.of("contact_seen", "device_seen", "friend_request")) {
                Sql.update(connection, "delete from " + table + " where jid = ?", contact);
            }
        });
    }

    /** Forgets that a device was seen. */
    public void remove(Device device) {
        database.change(connection -> Sql.update(
                connection, "delete from device_seen where jid = ? and device = ?", device.jid(), device.id()));
    }

    private static void upsertSeen(Connection connection, Jid contact, Instant when) throws SQLException {
        Sql.update(connection, """
                insert into contact_seen (jid, seen_ms) values (?, ?)
                on conflict (jid) do update set seen_ms = excluded.seen_ms""", contact, when);
    }

    private Map<Jid, Instant> instants(String sql) {
        return database.read(connection -> {
            Map<Jid, Instant> instants = new LinkedHashMap<>();
            Sql.rows(connection, sql, row -> Map.entry(new Jid(row.getString("jid")), Sql.instant(row, "ms")))
                    .forEach(entry -> instants.put(entry.getKey(), entry.getValue()));
            return instants;
        });
    }
}
