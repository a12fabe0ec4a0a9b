package bitween.store;

import bitween.model.Bytes;
import bitween.model.Transfer;
import bitween.model.TransferId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs take the place of others. Thread: any but {@code bus}. Each call is one transaction, on the disk when it returns; failures are those of
 * {@link Database}.
 */
public final class SuccessionStore {
    private final Database database;

    SuccessionStore(Database database) {
        this.database = database;
    }

    /**
     * Adds a job that succeeds another.
     *
     * @throws bitween.model.UserException as {@link TorrentStore#insert}
     */
    public TransferId insert(NewTransfer added, Succession succession) {
        return database.transaction(connection -> {
            TransferId id = TorrentStore.insert(connection, added);
            TransferId earlier = succession.earlier();
            Sql.update(
                    connection,
                    "insert into succession (job, earlier, info, sha256s, files, mirror) values (?, ?, ?, ?, ?, ?)",
                    id.value(),
                    earlier == null ? null : earlier.value(),
                    succession.info(),
                    succession.digests(),
                    succession.files(),
                    succession.mirror() ? 1 : 0);
            return id;
        });
    }

    public Optional<Succession> of(TransferId job) {
        return database.read(connection -> Sql.first(
                connection, "select * from succession where job = ?", SuccessionStore::succession, job.value()));
    }

    /** The job that takes the place of this one. */
    public Optional<TransferId> successor(TransferId earlier) {
        return database.read(connection -> Sql.first(
                connection,
                "select job from succession where earlier = ?",
                row -> new TransferId(row.getLong(1)),
                earlier.value()));
    }

    /** Before a file takes its place; or, when some turned out to be missing, before they come. */
    public void placing(TransferId job, boolean placing) {
        database.change(connection -> Sql.update(
                connection, "update succession set placing = ? where job = ?", placing ? 1 : 0, job.value()));
    }

    /** It becomes a job like any other: the two have nothing in common. */
    public void forget(TransferId job) {
        database.change(connection -> Sql.update(connection, "delete from succession where job = ?", job.value()));
    }

    /** Those whose files others are taking the places of, or were when that was cut off. */
    public Set<TransferId> beingReplaced() {
        return database.read(connection -> Set.copyOf(Sql.rows(
                connection,
                "select earlier from succession where placing = 1 and earlier is not null",
                row -> new TransferId(row.getLong(1)))));
    }

    /**
     * The new revision is here, for whom it is said to be, and the earlier one is forgotten, all or nothing.
     *
     * @return false when the job was removed meanwhile, and nothing is changed
     */
    public boolean end(Transfer done) {
        return database.transaction(connection -> {
            if (Sql.first(
                            connection,
                            "select 1 from transfer where id = ?",
                            row -> true,
                            done.id().value())
                    .isEmpty()) {
                return false;
            }
            Optional<TransferId> earlier = Sql.first(
                    connection,
                    "select earlier from succession where job = ? and earlier is not null",
                    row -> new TransferId(row.getLong(1)),
                    done.id().value());
            if (earlier.isPresent()) {
                TorrentStore.remove(connection, earlier.get()); // before: its name may be taken over, too
            }
            TorrentStore.update(connection, done);
            TorrentStore.grant(connection, done.id(), done.audience());
            Sql.update(
                    connection,
                    "delete from succession where job = ?",
                    done.id().value());
            return true;
        });
    }

    private static Succession succession(ResultSet row) throws SQLException {
        long earlier = row.getLong("earlier");
        boolean known = !row.wasNull();
        return new Succession(
                known ? new TransferId(earlier) : null,
                Bytes.of(row.getBytes("info")),
                bytes(row, "sha256s"),
                bytes(row, "files"),
                row.getBoolean("mirror"),
                row.getBoolean("placing"));
    }

    private static @Nullable Bytes bytes(ResultSet row, String column) throws SQLException {
        byte[] content = row.getBytes(column);
        return content == null ? null : Bytes.of(content);
    }
}
