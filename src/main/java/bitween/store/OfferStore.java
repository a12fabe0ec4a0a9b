package bitween.store;

import bitween.model.InfoHash;
import bitween.model.Jid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What friends sent, and what may come by itself. Thread: any but {@code bus}. Each call is one transaction; failures are those of {@link Database}. */
public final class OfferStore {
    private final Database database;

    public OfferStore(Database database) {
        this.database = database;
    }

    /** What its sender is told. */
    public enum Answer {
        TAKEN,
        DECLINED
    }

    /**
     * What a friend sent.
     *
     * @param sizeBytes with what each of its files takes at least
     * @param accepted when it was got by itself; null: it was not
     * @param answer null: none yet
     */
    public record Row(
            Jid friend,
            InfoHash hash,
            long sizeBytes,
            Instant since,
            @Nullable Instant accepted,
            @Nullable Answer answer) {
        public Row accepted(Instant when) {
            return new Row(friend, hash, sizeBytes, since, when, answer);
        }

        public Row measured(long size) {
            return new Row(friend, hash, size, since, accepted, answer);
        }

        public Row answered(@Nullable Answer said) {
            return new Row(friend, hash, sizeBytes, since, accepted, said);
        }
    }

    public List<Row> all() {
        return database.read(
                connection -> Sql.rows(connection, "select * from offer order by friend, hash", OfferStore::row));
    }

    public void save(Row row) {
        database.change(connection -> Sql.update(
                connection, """
                insert into offer (friend, hash, size_bytes, since_ms, accepted_ms, answer) values (?, ?, ?, ?, ?, ?)
                on conflict (friend, hash) do update set size_bytes = excluded.size_bytes, accepted_ms = excluded.accepted_ms, answer = excluded.answer""", row.friend(), row.hash(), row.sizeBytes(), row.since(), row.accepted(), row.answer()));
    }

    public void remove(Row row) {
        database.change(connection ->
                Sql.update(connection, "delete from offer where friend = ? and hash = ?", row.friend(), row.hash()));
    }

    /** How much may come by itself in a day, of each friend from whom anything may. */
    public Map<Jid, Long> allowances() {
        return database.read(connection -> {
            Map<Jid, Long> all = new LinkedHashMap<>();
            Sql.rows(
                            connection,
                            "select * from friend_allowance order by jid",
                            row -> Map.entry(Sql.jid(row, "jid"), row.getLong("bytes_per_day")))
                    .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
            return all;
        });
    }

    /** @param bytesPerDay 0: nothing */
    public void allow(Jid friend, long bytesPerDay) {
        database.change(connection -> {
            Sql.update(connection, "delete from friend_allowance where jid = ?", friend);
            if (bytesPerDay > 0) {
                Sql.update(
                        connection,
                        "insert into friend_allowance (jid, bytes_per_day) values (?, ?)",
                        friend,
                        bytesPerDay);
            }
        });
    }

    /** Forgets all of somebody. */
    public void remove(Jid friend) {
        database.change(connection -> {
            Sql.update(connection, "delete from friend_allowance where jid = ?", friend);
            Sql.update(connection, "delete from offer where friend = ?", friend);
        });
    }

    private static Row row(ResultSet row) throws SQLException {
        long accepted = row.getLong("accepted_ms");
        Instant when = row.wasNull() ? null : Instant.ofEpochMilli(accepted);
        String answer = row.getString("answer");
        return new Row(
                Sql.jid(row, "friend"),
                new InfoHash(row.getString("hash")),
                row.getLong("size_bytes"),
                Sql.instant(row, "since_ms"),
                when,
                answer == null ? null : Answer.valueOf(answer));
    }
}
