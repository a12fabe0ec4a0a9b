package bitween.store;

import bitween.model.Bytes;
import bitween.model.TransferId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far the hashing of shares is, for those that take long. What is hashed lies in the files still: so a power failure may undo the last.
 *
 * <p>Thread: any but {@code bus}. Failures are those of {@link Database}.
 */
public final class HashingStore {
    private final Database database;

    public HashingStore(Database database) {
        this.database = database;
    }

    /**
     * What is known.
     *
     * @param layout what it was made of: 32 bytes
     * @param stamps how the files were
     * @param stretches by number, the hashes of each
     * @param files by number, the SHA-256 of those that no stretch holds
     */
    public record Hashed(Bytes layout, Bytes stamps, Map<Integer, Bytes> stretches, Map<Integer, Bytes> files) {
        public Hashed {
            stretches = Map.copyOf(stretches);
            files = Map.copyOf(files);
        }
    }

    public Optional<Hashed> find(TransferId share) {
        return database.read(connection -> Sql.first(
                connection,
                "select layout, stamps from hashing where share = ?",
                row -> new Hashed(
                        Bytes.of(row.getBytes(1)),
                        Bytes.of(row.getBytes(2)),
                        numbered(connection, "select stretch, hashes from hashing_stretch where share = ?", share),
                        numbered(connection, "select file, sha256 from hashing_file where share = ?", share)),
                share.value()));
    }

    private static Map<Integer, Bytes> numbered(Connection connection, String query, TransferId share)
            throws SQLException {
        Map<Integer, Bytes> found = new HashMap<>();
        Sql.rows(connection, query, row -> found.put(row.getInt(1), Bytes.of(row.getBytes(2))), share.value());
        return found;
    }

    /** Adds to what is known of the same layout and stamps. Without effect when the share is not there (any more). */
    public void add(TransferId share, Hashed more) {
        database.changeRelaxed(connection -> {
            boolean there = Sql.update(connection, """
                    insert into hashing (share, layout, stamps) select id, ?, ? from transfer where id = ? and hash is null
                    on conflict (share) do update set stamps = excluded.stamps""", more.layout(), more.stamps(), share.value()) > 0;
            if (!there) {
                return;
            }
            for (Map.Entry<Integer, Bytes> stretch : more.stretches().entrySet()) {
                Sql.update(
                        connection,
                        "insert or replace into hashing_stretch (share, stretch, hashes) values (?, ?, ?)",
                        share.value(),
                        stretch.getKey(),
                        stretch.getValue());
            }
            for (Map.Entry<Integer, Bytes> file : more.files().entrySet()) {
                Sql.update(
                        connection,
                        "insert or replace into hashing_file (share, file, sha256) values (?, ?, ?)",
                        share.value(),
                        file.getKey(),
                        file.getValue());
            }
        });
    }

    /** Some files are not what they were: what touches them goes. */
    public void forget(TransferId share, Bytes stampsNow, BitSet stretches, BitSet files) {
        database.changeRelaxed(connection -> {
            Sql.update(connection, "update hashing set stamps = ? where share = ?", stampsNow, share.value());
            for (int stretch : stretches.stream().toArray()) {
                Sql.update(
                        connection,
                        "delete from hashing_stretch where share = ? and stretch = ?",
                        share.value(),
                        stretch);
            }
            for (int file : files.stream().toArray()) {
                Sql.update(connection, "delete from hashing_file where share = ? and file = ?", share.value(), file);
            }
        });
    }

    /** It is hashed, or is to be hashed anew. */
    public void remove(TransferId share) {
        database.changeRelaxed(
                connection -> Sql.update(connection, "delete from hashing where share = ?", share.value()));
    }
}
