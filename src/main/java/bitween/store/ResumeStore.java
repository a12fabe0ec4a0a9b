package bitween.store;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * libtorrent's resume data: what lies where a job grows, so that it need not be hashed again. Nothing is believed that was not made here. Thread: any but {@code bus}.
 */
public final class ResumeStore {
    private static final Logger log = LogManager.getLogger(ResumeStore.class);

    private final Database database;
    private final ResumeKey key;

    ResumeStore(Database database) {
        this.database = database;
        key = new ResumeKey(database.file());
    }

    /**
     * Keeps the data about what lies where the job grows now, in place of the last. Without effect when no transfer has this hash. A power failure may bring
     * back the last.
     */
    public void save(InfoHash hash, Bytes data) {
        database.changeRelaxed(connection -> {
            Optional<String> place = growing(connection, hash);
            if (place.isPresent()) {
                Sql.update(connection, """
                        insert into resume (hash, data) values (?, ?)
                        on conflict (hash) do update set data = excluded.data""", hash, key.sealed(hash, place.get(), data));
            }
        });
    }

    /** @return empty when there are none, or those there are were not made here, for this torrent, about what lies where the job grows */
    public Optional<Bytes> of(InfoHash hash) {
        return database.read(connection -> {
            Optional<Bytes> sealed = Sql.first(connection, "select data from resume where hash = ?", Sql::bytes, hash);
            Optional<String> place = growing(connection, hash);
            Optional<Bytes> data = sealed.isEmpty() || place.isEmpty()
                    ? Optional.empty()
                    : key.opened(hash, place.get(), sealed.get());
            if (sealed.isPresent() && data.isEmpty()) {
                log.warn("{} has resume data that are not from here, and are not believed", hash);
            }
            return data;
        });
    }

    /** What is on disk is in doubt: nothing may be believed of it at the next start. */
    public void remove(InfoHash hash) {
        database.change(connection -> Sql.update(connection, "delete from resume where hash = ?", hash));
    }

    /** @return where it does, "" for nowhere; empty: no transfer has this hash */
    private static Optional<String> growing(Connection connection, InfoHash hash) throws SQLException {
        return Sql.first(
                connection, "select coalesce(staging, '') from transfer where hash = ?", row -> row.getString(1), hash);
    }
}
