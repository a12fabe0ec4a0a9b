package bitween.store;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Revision;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What live shares were before. Thread: any but {@code bus}. Each call is one transaction; failures are those of {@link Database}.
 *
 * <p>The revision that is offered is not among them: it is the share.
 */
public final class RevisionStore {
    /** Beside the one that is offered. */
    private static final int MAX_KEPT = Revision.MAX_KEPT - 1;

    /** Of live shares of all friends. */
    static final int MAX_PREDECESSORS = 4_096;

    /** A year of a folder that changes each day, and more. */
    static final int MAX_STEPS = 500;

    /** Of one share: two info dictionaries of the largest kind, or all of one with some thousand files. */
    static final long MAX_BYTES = 64 << 20;

    private final Database database;
    private final long maxBytes;

    RevisionStore(Database database) {
        this(database, MAX_BYTES);
    }

    RevisionStore(Database database, long maxBytes) {
        this.database = database;
        this.maxBytes = maxBytes;
    }

    /** What it takes to compare one with another. */
    public record Content(Bytes info, Bytes digests) {}

    /**
     * A live share is another revision from now on: what it was is kept as such, and its torrent's rows go, all or nothing.
     *
     * @param next has the new hash
     * @param before the hash that it had
     * @return false when it is not there (any more) with that hash, and nothing is changed
     */
    public boolean revise(Transfer next, InfoHash before, Bytes info, Bytes digests, Bytes stamps, Instant now) {
        Share share = next.share();
        if (share == null || share.revision() == 0) {
            throw new IllegalArgumentException("no revision of a live share: " + next);
        }
        return database.transaction(connection -> {
            int kept = Sql.update(connection, """
                    insert into revision (share, number, hash, content_id, size_bytes, files, made_ms, info, sha256s)
                    select transfer.id, revision, transfer.hash, content_id, size_bytes, files, metadata.fetched_ms, info, sha256s
                    from transfer join metadata using (hash) join digests using (hash)
                    where transfer.id = ? and transfer.hash = ? and revision > 0""", next.id().value(), before);
            if (kept == 0) {
                return false;
            }
            for (String table : List.of("stamps", "resume", "metadata", "digests")) {
                Sql.update(connection, "delete from " + table + " where hash = ?", before);
            }
            TorrentStore.update(connection, next);
            MetadataRows.saveMetadata(connection, share.hash(), info, now);
            MetadataRows.saveDigests(connection, share.hash(), digests, now);
            MetadataRows.saveStamps(connection, share.hash(), stamps);
            prune(connection, next.id());
            return true;
        });
    }

    /** That which is offered, and those before, the newest first; none of a share that is not live. */
    public List<Revision> history(TransferId share) {
        return database.read(connection -> Sql.rows(connection, """
                select revision as number, hash, fetched_ms as made_ms, files, size_bytes
                from transfer join metadata using (hash) where transfer.id = ?1 and revision > 0
                union all
                select number, hash, made_ms, files, size_bytes from revision where share = ?1
                order by number desc""", RevisionStore::revision, share.value()));
    }

    /** What was in a former revision, or in any share; empty: it is not known. */
    public Optional<Content> content(InfoHash hash) {
        return database.read(connection -> Sql.first(
                connection, """
                select info, sha256s from revision where hash = ?1
                union all select info, sha256s from metadata join digests using (hash) where hash = ?1 limit 1""", row -> new Content(Bytes.of(row.getBytes(1)), Bytes.of(row.getBytes(2))), hash));
    }

    /** Which live share was that once. */
    public Optional<TransferId> wasOf(InfoHash hash) {
        return database.read(connection -> Sql.first(
                connection, "select share from revision where hash = ?", row -> new TransferId(row.getLong(1)), hash));
    }

    /** A friend's live share was {@code before}, and is {@code hash} now. A power failure may undo it: then that is fetched whole. */
    public void saveBefore(InfoHash hash, InfoHash before) {
        database.changeRelaxed(connection -> {
            Sql.update(connection, "insert or replace into predecessor (hash, before) values (?, ?)", hash, before);
            Sql.update(
                    connection,
                    "delete from predecessor where id <= (select max(id) from predecessor) - ?",
                    MAX_PREDECESSORS);
        });
    }

    /** What a friend's live share was before it was {@code hash}; empty: nobody saw that, or it is long ago. */
    public Optional<InfoHash> before(InfoHash hash) {
        return database.read(connection -> Sql.first(
                connection,
                "select before from predecessor where hash = ?",
                row -> new InfoHash(row.getString(1)),
                hash));
    }

    /** What it was before, and before that, the newest first, as far as it is known: no more than {@link #MAX_STEPS}, also where a friend's lists lead in a circle. */
    public List<InfoHash> allBefore(InfoHash hash) {
        return database.read(
                connection -> Sql.rows(connection, """
                with recursive former (hash, step) as (
                    select before, 1 from predecessor where hash = ?1
                    union all
                    select before, step + 1 from former join predecessor using (hash) where step < ?2)
                select hash from former order by step""", row -> new InfoHash(row.getString(1)), hash, MAX_STEPS));
    }

    private void prune(Connection connection, TransferId share) throws SQLException {
        Sql.update(connection, """
                delete from revision where share = ?1 and number in (
                    select number from (
                        select number, row_number() over newest as count,
                            sum(length(info) + length(sha256s)) over newest as bytes
                        from revision where share = ?1 window newest as (order by number desc))
                    where count > ?2 or bytes > ?3)""", share.value(), MAX_KEPT, maxBytes);
    }

    private static Revision revision(ResultSet row) throws SQLException {
        return new Revision(
                row.getInt("number"),
                new InfoHash(row.getString("hash")),
                Sql.instant(row, "made_ms"),
                row.getInt("files"),
                row.getLong("size_bytes"));
    }
}
