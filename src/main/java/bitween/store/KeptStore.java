package bitween.store;

import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.TransferId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of which revisions of live shares the files are kept. Thread: any but {@code bus}. Each call is one transaction, on the disk when it returns; failures are those of
 * {@link Database}.
 */
public final class KeptStore {
    private final Database database;

    KeptStore(Database database) {
        this.database = database;
    }

    /** A revision whose files are kept; it may be the one that is offered. */
    public record Kept(TransferId share, Former revision) {
        public InfoHash hash() {
            return revision.hash();
        }
    }

    /** How many revisions are to be kept, of shares of which any are. */
    public Map<TransferId, Integer> wanted() {
        return database.read(connection -> {
            Map<TransferId, Integer> wanted = new LinkedHashMap<>();
            Sql.rows(
                            connection,
                            "select id, keep_revisions from transfer where keep_revisions > 0 order by id",
                            row -> Map.entry(new TransferId(row.getLong(1)), row.getInt(2)))
                    .forEach(entry -> wanted.put(entry.getKey(), entry.getValue()));
            return wanted;
        });
    }

    /** @param revisions 0: none */
    public void want(TransferId share, int revisions) {
        database.change(connection -> Sql.update(
                connection, "update transfer set keep_revisions = ? where id = ?", revisions, share.value()));
    }

    /** Of all shares, in the order in which they were kept. */
    public List<Kept> all() {
        return database.read(
                connection -> Sql.rows(connection, "select * from kept_revision order by id", KeptStore::kept));
    }

    /**
     * Its files are in their place.
     *
     * @return false when the share is not there (any more), and nothing is changed
     */
    public boolean keep(Kept kept) {
        return database.transaction(connection -> Sql.update(
                        connection,
                        "insert into kept_revision (share, number, hash) select id, ?, ? from transfer where id = ?",
                        kept.revision().number(),
                        kept.hash(),
                        kept.share().value())
                > 0);
    }

    /** Before its files go. */
    public void drop(InfoHash hash) {
        database.change(connection -> Sql.update(connection, "delete from kept_revision where hash = ?", hash));
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                new TransferId(row.getLong("share")),
                new Former(row.getInt("number"), new InfoHash(row.getString("hash"))));
    }
}
