package bitween.store;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Jid;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is in friends' shares, down to the single file, for browsing while they are away. A tree goes when its share leaves the list in {@link CatalogueStore}.
 * No friend can fill the disk: each may take so much, and all together.
 *
 * <p>Thread: any but {@code bus}. Each call is one transaction. A tree can be fetched again, so a power failure may undo the last one; failures are those of
 * {@link Database}.
 */
public final class TreeStore {
    /** Half a million files, or thousands of usual shares. */
    public static final long FRIEND_LIMIT_BYTES = 8 << 20;
    /** Eight friends who take all that they may; a backup of the database holds it, too. */
    static final long LIMIT_BYTES = 64 << 20;
    /** What a row takes besides: many small ones would be larger than they say. */
    static final int ROW_BYTES = 512;

    private final Database database;
    private final long friendLimitBytes;
    private final long limitBytes;

    public TreeStore(Database database) {
        this(database, FRIEND_LIMIT_BYTES, LIMIT_BYTES);
    }

    TreeStore(Database database, long friendLimitBytes, long limitBytes) {
        this.database = database;
        this.friendLimitBytes = friendLimitBytes;
        this.limitBytes = limitBytes;
    }

    /** Of all friends. */
    public Set<InfoHash> hashes() {
        return database.read(connection -> new HashSet<>(
                Sql.rows(connection, "select distinct hash from friend_tree", row -> new InfoHash(row.getString(1)))));
    }

    /** @return the info dictionary as it travels, compressed */
    public Optional<Bytes> tree(InfoHash hash) {
        return database.read(connection ->
                Sql.first(connection, "select info from friend_tree where hash = ? limit 1", Sql::bytes, hash));
    }

    /** How many bytes the largest tree may have that a friend still has room for; none: 0. */
    public long roomOf(Jid friend) {
        return database.read(connection -> room(connection, friend));
    }

    /**
     * Keeps a tree with the line of the device's list that has this hash.
     *
     * @param info compressed
     * @return false when there is no room for it, or no such line (any more)
     */
    public boolean save(Device device, InfoHash hash, Bytes info) {
        return database.transactionRelaxed(connection -> info.size() <= room(connection, device.jid())
                && Sql.update(connection, """
                                insert into friend_tree (list, hash, info, charged_bytes)
                                select list, hash, ?, ? from friend_share join friend_list on friend_list.id = list
                                where jid = ? and device = ? and hash = ?
                                on conflict do nothing""", info, info.size() + ROW_BYTES, device.jid(), device.id(), hash) > 0);
    }

    private long room(Connection connection, Jid friend) throws SQLException {
        long theirs = sum(
                connection,
                "select sum(charged_bytes) from friend_tree where list in (select id from friend_list where jid = ?)",
                friend);
        long all = sum(connection, "select sum(charged_bytes) from friend_tree");
        return Math.max(0, Math.min(friendLimitBytes - theirs, limitBytes - all) - ROW_BYTES);
    }

    private static long sum(Connection connection, String sql, Object... parameters) throws SQLException {
        return Sql.first(connection, sql, row -> row.getLong(1), parameters).orElse(0L);
    }
}
