package bitween.store;

import bitween.model.Jid;
import bitween.model.RateLimit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How fast bytes may come from and go to each friend, and who is paused. Thread: any but {@code bus}. Each call is one transaction; failures are those of {@link Database}. */
public final class RateStore {
    static final String LIMITS = "select * from friend_rate order by jid";

    private final Database database;

    public RateStore(Database database) {
        this.database = database;
    }

    /** Those who have a limit, or are paused. */
    public Map<Jid, RateLimit> limits() {
        return database.read(connection -> {
            Map<Jid, RateLimit> limits = new LinkedHashMap<>();
            Sql.rows(connection, LIMITS, RateStore::limit)
                    .forEach(entry -> limits.put(entry.getKey(), entry.getValue()));
            return limits;
        });
    }

    static Map.Entry<Jid, RateLimit> limit(ResultSet row) throws SQLException {
        return Map.entry(
                Sql.jid(row, "jid"),
                new RateLimit(
                        row.getLong("down_bytes_per_second"),
                        row.getLong("up_bytes_per_second"),
                        row.getBoolean("paused")));
    }

    public void save(Jid friend, RateLimit limit) {
        if (limit.equals(RateLimit.NONE)) {
            remove(friend);
            return;
        }
        database.change(connection -> Sql.update(
                connection, """
                insert into friend_rate (jid, down_bytes_per_second, up_bytes_per_second, paused) values (?, ?, ?, ?)
                on conflict (jid) do update set down_bytes_per_second = excluded.down_bytes_per_second,
                    up_bytes_per_second = excluded.up_bytes_per_second,
                    paused = excluded.paused""", friend, limit.downBytesPerSecond(), limit.upBytesPerSecond(), limit.paused() ? 1 : 0));
    }

    public void remove(Jid friend) {
        database.change(connection -> Sql.update(connection, "delete from friend_rate where jid = ?", friend));
    }
}
