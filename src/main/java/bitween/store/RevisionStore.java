package bitween.store;

import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.InfoHash;
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
    /** Of one share; a folder that changes each minute fills that in some hours, and nobody looks back further by number. */
    public static final int MAX_KEPT = 99;

    /** Of one share: two info dictionaries of the largest kind, or all {@value #MAX_KEPT} of one with some thousand files. */
    static final long MAX_BYTES = 64 << 20;

    private static final String ROWS =
            "select share, number, hash, content_id, size_bytes, files, made_ms from revision";

    private final Database database;
    private final long maxBytes;

    RevisionStore(Database database) {
        this(database, MAX_BYTES);
    }

    RevisionStore(Database database, long maxBytes) {
        this.database = database;
        this.maxBytes = maxBytes;
    }

    /**
     * A revision that was.
     *
     * @param made when it was hashed
     */
    public record Former(
            TransferId share, int number, InfoHash hash, ContentId content, long sizeBytes, int files, Instant made) {}

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

    /** The newest first. */
    public List<Former> of(TransferId share) {
        return database.read(connection -> Sql.rows(
                connection, ROWS + " where share = ? order by number desc", RevisionStore::former, share.value()));
    }

    public Optional<Content> content(TransferId share, int number) {
        return database.read(connection -> Sql.first(
                connection,
                "select info, sha256s from revision where share = ? and number = ?",
                row -> new Content(Bytes.of(row.getBytes(1)), Bytes.of(row.getBytes(2))),
                share.value(),
                number));
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

    private static Former former(ResultSet row) throws SQLException {
        return new Former(
                new TransferId(row.getLong("share")),
                row.getInt("number"),
                new InfoHash(row.getString("hash")),
                new ContentId(row.getString("content_id")),
                row.getLong("size_bytes"),
                row.getInt("files"),
                Sql.instant(row, "made_ms"));
    }
}
