package bitween.store;

import bitween.model.Transfer;
import bitween.model.TransferId;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is being moved. Thread: any but {@code bus}. Each call is one transaction, on the disk when it returns; failures are those of {@link Database}. */
public final class MoveStore {
    private final Database database;

    public MoveStore(Database database) {
        this.database = database;
    }

    /** All that a crash or a stop has interrupted. */
    public Map<TransferId, StoredMove> all() {
        return database
                .read(connection -> Sql.rows(
                        connection,
                        "select transfer, origin, goal, switched from move",
                        row -> new StoredMove(
                                new TransferId(row.getLong(1)),
                                Path.of(row.getString(2)),
                                Path.of(row.getString(3)),
                                row.getBoolean(4))))
                .stream()
                .collect(Collectors.toMap(StoredMove::id, move -> move));
    }

    /** Before anything is moved. */
    public void begin(TransferId id, Path origin, Path goal) {
        database.change(connection -> Sql.update(connection, """
                insert into move (transfer, origin, goal) values (?, ?, ?)
                on conflict (transfer) do update set origin = excluded.origin, goal = excluded.goal, switched = 0""", id.value(), origin, goal));
    }

    /**
     * The content is at its goal, and counts there from now on.
     *
     * @param moved the transfer, with its new place
     * @param staging where it grows; null: it does not
     * @return false when it was removed meanwhile, and nothing is changed
     */
    public boolean switchTo(Transfer moved, @Nullable Path staging) {
        return database.transaction(connection -> {
            if (!TorrentStore.update(connection, moved)) {
                return false;
            }
            Sql.update(
                    connection,
                    "update transfer set staging = ? where id = ?",
                    staging,
                    moved.id().value());
            Sql.update(
                    connection,
                    "update move set switched = 1 where transfer = ?",
                    moved.id().value());
            return true;
        });
    }

    /** Nothing is left to do, or it came to nothing. */
    public void end(TransferId id) {
        database.change(connection -> Sql.update(connection, "delete from move where transfer = ?", id.value()));
    }
}
