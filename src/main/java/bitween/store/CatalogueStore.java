package bitween.store;

import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What friends' devices share, as they last told: for browsing while they are away.
 *
 * <p>Thread: any but {@code bus}. Each call is one transaction. A list can be fetched again, so a power failure may undo the last one; failures are those
 * of {@link Database}.
 */
public final class CatalogueStore {
    /** As many as are remembered of a contact at all; the lists fetched longest ago go. */
    static final int MAX_LISTS_PER_CONTACT = FriendStore.MAX_DEVICES_PER_CONTACT;

    private final Database database;

    public CatalogueStore(Database database) {
        this.database = database;
    }

    /**
     * A device's list.
     *
     * @param announced what the device announced when it was asked
     * @param revision of this list, as the reply named it
     * @param shares each once, in the order of their hashes
     * @param fetched to the millisecond
     */
    public record FriendListRow(
            Device device, String deviceName, String announced, String revision, List<Share> shares, Instant fetched) {
        public FriendListRow {
            shares = List.copyOf(shares);
        }
    }

    /** Keeps this list in place of the device's last; writes only what is other. */
    public void replace(FriendListRow list) {
        database.changeRelaxed(connection -> {
            long id = upsertList(connection, list);
            Map<InfoHash, Share> gone = new HashMap<>();
            Sql.rows(connection, "select * from friend_share where list = ?", CatalogueStore::share, id)
                    .forEach(share -> gone.put(share.hash(), share));
            for (Share share : list.shares()) {
                if (!share.equals(gone.remove(share.hash()))) {
                    upsertShare(connection, id, share);
                }
            }
            for (InfoHash hash : gone.keySet()) {
                Sql.update(connection, "delete from friend_share where list = ? and hash = ?", id, hash);
            }
            Sql.update(connection, """
                    delete from friend_list where jid = ? and id not in (
                        select id from friend_list where jid = ? order by fetched_ms desc, id desc limit ?)""", list.device().jid(), list.device().jid(), MAX_LISTS_PER_CONTACT);
        });
    }

    /**
     * Keeps that a device's list is still the same.
     *
     * @param deviceName as it is called by now
     * @param announced what the device announced when it said so
     * @return the list; empty when it is not here (any more)
     */
    public Optional<FriendListRow> confirm(Device device, String deviceName, String announced, Instant when) {
        return database.transactionRelaxed(connection -> {
            Sql.update(
                    connection,
                    "update friend_list set device_name = ?, announced = ?, fetched_ms = ? where jid = ? and device = ?",
                    deviceName,
                    announced,
                    when,
                    device.jid(),
                    device.id());
            return list(connection, device);
        });
    }

    /** How many shares the lists of the same contact's other devices have. */
    public int sharesOfOthers(Device device) {
        return database.read(connection -> Sql.first(connection, """
                        select count(*) from friend_share join friend_list on friend_list.id = list
                        where jid = ? and device <> ?""", row -> row.getInt(1), device.jid(), device.id())
                .orElseThrow());
    }

    /** A device's list; empty when it is not here. */
    public Optional<FriendListRow> list(Device device) {
        return database.read(connection -> list(connection, device));
    }

    private static Optional<FriendListRow> list(Connection connection, Device device) throws SQLException {
        List<Share> shares = Sql.rows(connection, """
                select friend_share.* from friend_share join friend_list on friend_list.id = list
                where jid = ? and device = ? order by hash""", CatalogueStore::share, device.jid(), device.id());
        return Sql.first(
                connection,
                "select * from friend_list where jid = ? and device = ?",
                row -> list(row, shares),
                device.jid(),
                device.id());
    }

    /** All lists, by contact and device. */
    public List<FriendListRow> all() {
        return database.read(connection -> {
            Map<Long, List<Share>> shares = new LinkedHashMap<>();
            Sql.rows(
                            connection,
                            "select * from friend_share order by list, hash",
                            row -> Map.entry(row.getLong("list"), share(row)))
                    .forEach(entry -> shares.computeIfAbsent(entry.getKey(), list -> new ArrayList<>())
                            .add(entry.getValue()));
            return Sql.rows(
                    connection,
                    "select * from friend_list order by jid, device",
                    row -> list(row, shares.getOrDefault(row.getLong("id"), List.of())));
        });
    }

    /** Forgets what a contact shares. */
    public void remove(Jid contact) {
        database.changeRelaxed(connection -> Sql.update(connection, "delete from friend_list where jid = ?", contact));
    }

    /** Forgets what one device shares. */
    public void remove(Device device) {
        database.changeRelaxed(connection -> Sql.update(
                connection, "delete from friend_list where jid = ? and device = ?", device.jid(), device.id()));
    }

    private static long upsertList(Connection connection, FriendListRow list) throws SQLException {
        return Sql.first(
                        connection,
                        """
                        insert into friend_list (jid, device, device_name, announced, revision, fetched_ms)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (jid, device) do update set device_name = excluded.device_name,
                            announced = excluded.announced, revision = excluded.revision, fetched_ms = excluded.fetched_ms
                        returning id""",
                        row -> row.getLong(1),
                        list.device().jid(),
                        list.device().id(),
                        list.deviceName(),
                        list.announced(),
                        list.revision(),
                        list.fetched())
                .orElseThrow();
    }

    private static void upsertShare(Connection connection, long list, Share share) throws SQLException {
        Sql.update(
                connection,
                """
                insert into friend_share (list, hash, name, content_id, size_bytes, files, reshare, revision, unavailable, kept, sent)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (list, hash) do update set name = excluded.name,
                    content_id = excluded.content_id, size_bytes = excluded.size_bytes, files = excluded.files,
                    reshare = excluded.reshare, revision = excluded.revision,
                    unavailable = excluded.unavailable, kept = excluded.kept, sent = excluded.sent""",
                list,
                share.hash(),
                share.name(),
                share.content(),
                share.sizeBytes(),
                share.files(),
                share.reshare() ? 1 : 0,
                share.revision(),
                share.unavailable() ? 1 : 0,
                share.kept().isEmpty() ? null : Former.encoded(share.kept()),
                share.sent() ? 1 : 0);
    }

    private static FriendListRow list(ResultSet row, List<Share> shares) throws SQLException {
        return new FriendListRow(
                new Device(new Jid(row.getString("jid")), new DeviceId(row.getString("device"))),
                row.getString("device_name"),
                row.getString("announced"),
                row.getString("revision"),
                shares,
                Sql.instant(row, "fetched_ms"));
    }

    private static Share share(ResultSet row) throws SQLException {
        byte[] kept = row.getBytes("kept");
        return new Share(
                row.getString("name"),
                new InfoHash(row.getString("hash")),
                new ContentId(row.getString("content_id")),
                row.getLong("size_bytes"),
                row.getInt("files"),
                row.getBoolean("reshare"),
                row.getInt("revision"),
                row.getBoolean("unavailable"),
                kept == null ? List.of() : Former.decoded(kept),
                row.getBoolean("sent"));
    }
}
