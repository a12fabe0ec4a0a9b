package bitween.store;

import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Sent;
import bitween.model.TransferId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was sent, and what became of it. Thread: any but {@code bus}. Each call is one transaction; failures are those of {@link Database}. */
public final class SendStore {
    /** Of what has ended so much is remembered; nobody looks at more. */
    static final int MAX_ENDED = 1_000;

    private final Database database;

    public SendStore(Database database) {
        this.database = database;
    }

    /** Oldest first. */
    public List<Sent> all() {
        return database.read(connection -> Sql.rows(connection, "select * from sent order by id", SendStore::sent));
    }

    /**
     * What is to be sent, before it is shared.
     *
     * @param share which is shared already; null: none yet
     */
    public Sent add(Jid friend, String name, Path path, boolean piped, @Nullable TransferId share, Instant since) {
        return database.transaction(connection -> {
            Sql.update(
                    connection,
                    "insert into sent (friend, name, path, piped, share, since_ms) values (?, ?, ?, ?, ?, ?)",
                    friend,
                    name,
                    path,
                    piped ? 1 : 0,
                    share == null ? null : share.value(),
                    since);
            long id = Sql.first(connection, "select last_insert_rowid()", row -> row.getLong(1))
                    .orElseThrow();
            return find(connection, id);
        });
    }

    /** It is this share. */
    public Sent shared(long id, TransferId share, String name, Path place) {
        return database.transaction(connection -> {
            Sql.update(
                    connection,
                    "update sent set share = ?, name = ?, path = ? where id = ?",
                    share.value(),
                    name,
                    place,
                    id);
            return find(connection, id);
        });
    }

    /** Which share was made for one, where a crash came before {@link #shared}. */
    public Optional<TransferId> shareAt(Path place) {
        return database.read(connection -> Sql.first(
                connection,
                "select id from transfer where kind = 'SHARE' and sent = 1 and place = ?",
                SendStore::transfer,
                place));
    }

    /** Offers that are for nobody any more. */
    public List<TransferId> orphans() {
        return database.read(connection -> Sql.rows(connection, """
                select id from transfer where kind = 'SHARE' and sent = 1
                    and not exists (select 1 from sent where share = transfer.id and outcome is null)""", SendStore::transfer));
    }

    /** It is over; of those that were before, the oldest are forgotten. */
    public Sent end(Sent sent, Sent.Outcome outcome, @Nullable Long sizeBytes, @Nullable InfoHash hash, Instant when) {
        return database.transaction(connection -> {
            Sql.update(
                    connection,
                    "update sent set outcome = ?, ended_ms = ?, size_bytes = ?, hash = ? where id = ?",
                    outcome,
                    when,
                    sizeBytes,
                    hash,
                    sent.id());
            Sql.update(connection, """
                    delete from sent where outcome is not null and id not in (
                        select id from sent where outcome is not null order by ended_ms desc, id desc limit ?)""", MAX_ENDED);
            return find(connection, sent.id());
        });
    }

    public void remove(long id) {
        database.change(connection -> Sql.update(connection, "delete from sent where id = ?", id));
    }

    private static Sent find(Connection connection, long id) throws SQLException {
        return Sql.first(connection, "select * from sent where id = ?", SendStore::sent, id)
                .orElseThrow();
    }

    private static TransferId transfer(ResultSet row) throws SQLException {
        return new TransferId(row.getLong(1));
    }

    private static Sent sent(ResultSet row) throws SQLException {
        long share = row.getLong("share");
        TransferId transfer = row.wasNull() ? null : new TransferId(share);
        long size = row.getLong("size_bytes");
        Long sizeBytes = row.wasNull() ? null : (Long) size;
        String hash = row.getString("hash");
        String outcome = row.getString("outcome");
        return new Sent(
                row.getLong("id"),
                Sql.jid(row, "friend"),
                row.getString("name"),
                Path.of(row.getString("path")),
                row.getBoolean("piped"),
                transfer,
                sizeBytes,
                hash == null ? null : new InfoHash(hash),
                Sql.instant(row, "since_ms"),
                outcome == null ? null : Sent.Outcome.valueOf(outcome),
                outcome == null ? null : Sql.instant(row, "ended_ms"));
    }
}
