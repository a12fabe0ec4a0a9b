package bitween.store;

import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.Follow;
import bitween.model.InfoHash;
import bitween.model.TransferId;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the user follows, and how far that is. Thread: any but {@code bus}. Each call is one transaction; failures are those of {@link Database}. */
public final class FollowStore {
    /** Of each, what was seen last: friends may make as many revisions as they like. */
    private static final int MAX_SEEN = 1_000;

    private final Database database;

    public FollowStore(Database database) {
        this.database = database;
    }

    /**
     * How far it is.
     *
     * @param newest the newest revision that was seen; null: none was
     * @param revision its number; 0: it has none
     * @param begun the last one that was got by itself, or is not to be
     * @param ready the last one that was here
     * @param place the complete job whose place the next revision takes
     * @param baseline the SHA-256 of each file that is not got, 32 bytes each; null: it is not known which these are
     */
    public record Progress(
            @Nullable InfoHash newest,
            int revision,
            @Nullable InfoHash begun,
            @Nullable InfoHash ready,
            @Nullable TransferId place,
            @Nullable Bytes baseline) {
        public static final Progress NONE = new Progress(null, 0, null, null, null, null);
    }

    /** One row. */
    public record Stored(Follow follow, Progress progress) {}

    /** Oldest first. */
    public List<Stored> all() {
        return database.read(
                connection -> Sql.rows(connection, "select * from follow order by id", FollowStore::stored));
    }

    /** Also in place of what was said of it before; how far it is stays. */
    public Follow put(Follow follow) {
        return database.transaction(connection -> {
            Sql.update(
                    connection,
                    """
                    insert into follow (friend, share, auto, new_only, patterns, max_bytes, mirror, notify, directory, since_ms)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    on conflict (friend, share) do update set auto = excluded.auto, new_only = excluded.new_only,
                        patterns = excluded.patterns, max_bytes = excluded.max_bytes, mirror = excluded.mirror,
                        notify = excluded.notify, directory = excluded.directory""",
                    follow.friend(),
                    follow.share(),
                    follow.auto() ? 1 : 0,
                    follow.newOnly() ? 1 : 0,
                    follow.only().stream().map(Choice::pattern).collect(Collectors.joining("\n")),
                    follow.maxBytes(),
                    follow.mirror() ? 1 : 0,
                    follow.notifies() ? 1 : 0,
                    follow.directory(),
                    follow.since());
            return Sql.first(
                            connection,
                            "select * from follow where friend = ? and share = ?",
                            row -> stored(row).follow(),
                            follow.friend(),
                            follow.share())
                    .orElseThrow();
        });
    }

    public void save(long id, Progress progress) {
        TransferId place = progress.place();
        database.change(connection -> Sql.update(
                connection,
                """
                update follow set newest = ?, revision = ?, begun = ?, ready = ?,
                    place = (select id from transfer where id = ?), baseline = ? where id = ?""",
                progress.newest(),
                progress.revision(),
                progress.begun(),
                progress.ready(),
                place == null ? null : place.value(),
                progress.baseline(),
                id));
    }

    public boolean isSeen(long id, InfoHash hash) {
        return database.read(connection -> Sql.first(
                        connection, "select 1 from follow_seen where follow = ? and hash = ?", row -> true, id, hash))
                .isPresent();
    }

    /** It is new no more, and may be forgotten once so many others were seen. */
    public void see(long id, InfoHash hash) {
        database.change(connection -> {
            long seen = Sql.first(
                            connection, "select count(*) from follow_seen where follow = ?", row -> row.getLong(1), id)
                    .orElse(0L);
            if (seen >= MAX_SEEN) {
                Sql.update(connection, "delete from follow_seen where follow = ?", id);
            }
            Sql.update(
                    connection,
                    "insert into follow_seen (follow, hash) select id, ? from follow where id = ? on conflict do nothing",
                    hash,
                    id);
        });
    }

    public void remove(long id) {
        database.change(connection -> Sql.update(connection, "delete from follow where id = ?", id));
    }

    private static Stored stored(ResultSet row) throws SQLException {
        long max = row.getLong("max_bytes");
        Long maxBytes = row.wasNull() ? null : max;
        long transfer = row.getLong("place");
        TransferId place = row.wasNull() ? null : new TransferId(transfer);
        String directory = row.getString("directory");
        byte[] baseline = row.getBytes("baseline");
        Follow follow = new Follow(
                row.getLong("id"),
                Sql.jid(row, "friend"),
                row.getString("share"),
                row.getBoolean("auto"),
                row.getBoolean("new_only"),
                row.getString("patterns")
                        .lines()
                        .map(pattern -> new Choice("", pattern))
                        .toList(),
                maxBytes,
                row.getBoolean("mirror"),
                row.getBoolean("notify"),
                directory == null ? null : Path.of(directory),
                Sql.instant(row, "since_ms"));
        return new Stored(
                follow,
                new Progress(
                        hash(row, "newest"),
                        row.getInt("revision"),
                        hash(row, "begun"),
                        hash(row, "ready"),
                        place,
                        baseline == null ? null : Bytes.of(baseline)));
    }

    private static @Nullable InfoHash hash(ResultSet row, String column) throws SQLException {
        String hex = row.getString(column);
        return hex == null ? null : new InfoHash(hex);
    }
}
