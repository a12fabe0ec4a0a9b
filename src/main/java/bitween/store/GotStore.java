package bitween.store;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was got, also long ago. Thread: any but {@code bus}. Each call is one transaction, on the disk when it returns; failures are those of {@link Database}.
 */
public final class GotStore {
    /** Info dictionaries and digests of some ten thousand shares; what is older than all this is forgotten. */
    static final long LIMIT_BYTES = 256L << 20;

    private final Database database;
    private final long limitBytes;

    public GotStore(Database database) {
        this(database, LIMIT_BYTES);
    }

    GotStore(Database database, long limitBytes) {
        this.database = database;
        this.limitBytes = limitBytes;
    }

    /**
     * One share, or part of one, that came.
     *
     * @param name as its owner calls it
     * @param place where it stood once it was here
     * @param files which of its files, a bit each by their order in the info dictionary; null: all
     * @param info its info dictionary
     * @param digests the SHA-256 of each file; null: nobody told
     * @param from the devices it came from, with what they were called
     */
    public record Got(
            InfoHash hash,
            String name,
            Path place,
            @Nullable Bytes files,
            Bytes info,
            @Nullable Bytes digests,
            Instant finished,
            Map<Device, String> from) {}

    /**
     * Something that is here now.
     *
     * @param files which of its files, as in {@link Got}
     */
    public record Arrival(
            InfoHash hash,
            String name,
            Path place,
            @Nullable Bytes files,
            Instant finished,
            Map<Device, String> from) {}

    /** Keeps, together, that they are here. Without effect for those of which that is known, or whose metadata are gone. */
    public void record(List<Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return;
        }
        database.change(connection -> {
            for (Arrival arrival : arrivals) {
                if (!isKnown(connection, arrival)) {
                    insert(connection, arrival);
                }
            }
            prune(connection);
        });
    }

    private static boolean isKnown(Connection connection, Arrival arrival) throws SQLException {
        return Sql.first(
                        connection,
                        "select 1 from got where hash = ? and place = ? and files is ?",
                        row -> true,
                        arrival.hash(),
                        arrival.place(),
                        arrival.files())
                .isPresent();
    }

    private static void insert(Connection connection, Arrival arrival) throws SQLException {
        Optional<Long> id = Sql.first(
                connection,
                """
                insert into got (hash, name, place, files, info, sha256s, finished_ms)
                    select m.hash, ?, ?, ?, m.info, d.sha256s, ?
                    from metadata m left join digests d on d.hash = m.hash where m.hash = ?
                returning id""",
                row -> row.getLong(1),
                arrival.name(),
                arrival.place(),
                arrival.files(),
                arrival.finished(),
                arrival.hash());
        if (id.isPresent()) {
            from(connection, id.get(), arrival.from());
        }
    }

    private static void from(Connection connection, long id, Map<Device, String> from) throws SQLException {
        for (Map.Entry<Device, String> device : from.entrySet()) {
            Sql.update(
                    connection,
                    "insert into got_from (got, jid, device, device_name) values (?, ?, ?, ?)",
                    id,
                    device.getKey().jid(),
                    device.getKey().id(),
                    device.getValue());
        }
    }

    private void prune(Connection connection) throws SQLException {
        Sql.update(connection, """
                delete from got where id in (
                    select id from (
                        select id, sum(length(info) + coalesce(length(sha256s), 0)) over (order by id desc) as newer_bytes
                        from got)
                    where newer_bytes > ?)""", limitBytes);
    }

    /** What stood at this place or at one above it, oldest first. */
    public List<Got> at(Path place) {
        return database.read(connection -> {
            List<Got> all = new ArrayList<>();
            for (Path above = place; above != null; above = above.getParent()) {
                all.addAll(rows(connection, "where place = ? order by id", above));
            }
            return all;
        });
    }

    /** What has a file with this SHA-256, oldest first; or some that have not, which whoever asks has to look at. */
    public List<Got> withDigest(Bytes sha256) {
        return database.read(connection -> rows(connection, "where instr(sha256s, ?) > 0 order by id", sha256));
    }

    /** Whose devices gave what came to this place under this hash; nobody: that is not known. */
    public Set<Jid> givers(InfoHash hash, Path place) {
        return database.read(connection -> new HashSet<>(Sql.rows(
                connection,
                "select distinct jid from got join got_from on got.id = got_from.got where hash = ? and place = ?",
                row -> Sql.jid(row, "jid"),
                hash,
                place)));
    }

    private static List<Got> rows(Connection connection, String where, Object argument) throws SQLException {
        Map<Long, Got> found = new LinkedHashMap<>();
        for (Map.Entry<Long, Got> row : Sql.rows(connection, "select * from got " + where, GotStore::row, argument)) {
            Got got = row.getValue();
            found.put(
                    row.getKey(),
                    new Got(
                            got.hash(),
                            got.name(),
                            got.place(),
                            got.files(),
                            got.info(),
                            got.digests(),
                            got.finished(),
                            sources(connection, row.getKey())));
        }
        return List.copyOf(found.values());
    }

    private static Map<Device, String> sources(Connection connection, long id) throws SQLException {
        Map<Device, String> from = new LinkedHashMap<>();
        Sql.rows(
                        connection,
                        "select jid, device, device_name from got_from where got = ? order by jid, device",
                        row -> Map.entry(
                                new Device(Sql.jid(row, "jid"), new DeviceId(row.getString("device"))),
                                row.getString("device_name")),
                        id)
                .forEach(device -> from.put(device.getKey(), device.getValue()));
        return from;
    }

    private static Map.Entry<Long, Got> row(ResultSet row) throws SQLException {
        return Map.entry(
                row.getLong("id"),
                new Got(
                        new InfoHash(row.getString("hash")),
                        row.getString("name"),
                        Path.of(row.getString("place")),
                        bytes(row, "files"),
                        Objects.requireNonNull(bytes(row, "info")),
                        bytes(row, "sha256s"),
                        Sql.instant(row, "finished_ms"),
                        Map.of()));
    }

    private static @Nullable Bytes bytes(ResultSet row, String column) throws SQLException {
        byte[] content = row.getBytes(column);
        return content == null ? null : Bytes.of(content);
    }
}
