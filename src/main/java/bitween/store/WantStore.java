package bitween.store;

import bitween.model.InfoHash;
import bitween.model.Want;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the user waits for, and what was told of it. Thread: any but {@code bus}. Each call is one transaction; failures are those of {@link Database}. */
public final class WantStore {
    static final String WANTS = "select * from want order by id";

    private final Database database;

    public WantStore(Database database) {
        this.database = database;
    }

    /** Oldest first. */
    public List<Want> wants() {
        return database.read(connection -> Sql.rows(connection, WANTS, WantStore::want));
    }

    static Want want(ResultSet row) throws SQLException {
        return new Want(row.getLong("id"), row.getString("words"), row.getBoolean("auto"), Sql.instant(row, "since"));
    }

    public Want add(String words, boolean auto, Instant since) {
        return database.transaction(connection -> {
            Sql.update(
                    connection, "insert into want (words, auto, since) values (?, ?, ?)", words, auto ? 1 : 0, since);
            long id = Sql.first(connection, "select last_insert_rowid()", row -> row.getLong(1))
                    .orElseThrow();
            return new Want(id, words, auto, Instant.ofEpochMilli(since.toEpochMilli()));
        });
    }

    /** @return what it was; empty when there is none of that number */
    public Optional<Want> remove(long id) {
        return database.transaction(connection -> {
            Optional<Want> known = Sql.first(connection, "select * from want where id = ?", WantStore::want, id);
            Sql.update(connection, "delete from want where id = ?", id);
            return known;
        });
    }

    /** @return whether it was not told before, and the want is still there */
    public boolean tell(long want, InfoHash hash, String path) {
        return database.transaction(connection -> Sql.update(
                        connection,
                        "insert into want_told (want, hash, path) select id, ?, ? from want where id = ? on conflict do nothing",
                        hash,
                        path,
                        want)
                > 0);
    }
}
