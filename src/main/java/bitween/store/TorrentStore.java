package bitween.store;

import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The shares and jobs, and what belongs to their torrents.
 *
 * <p>Thread: any but {@code bus}. Each call is one transaction; what a call changed is on the disk when it returns, but for upload totals and
 * {@link #updateRelaxed}. Failures are those of {@link Database}.
 */
public final class TorrentStore {
    /** Two info dictionaries of the largest kind (32 MiB), or thousands of usual ones, for shares that were only looked at. */
    static final long BROWSED_LIMIT_BYTES = 64 << 20;

    private final Database database;
    private final long browsedLimitBytes;
    private final TorrentFiles files;
    private final ResumeStore resume;

    public TorrentStore(Database database) {
        this(database, BROWSED_LIMIT_BYTES);
    }

    TorrentStore(Database database, long browsedLimitBytes) {
        this.database = database;
        this.browsedLimitBytes = browsedLimitBytes;
        files = new TorrentFiles(database.file());
        resume = new ResumeStore(database);
    }

    /** What is kept beside the database, in case that it is lost. */
    public TorrentFiles files() {
        return files;
    }

    /** How far shares are hashed. */
    public HashingStore hashing() {
        return new HashingStore(database);
    }

    /** What libtorrent needs to go on with a job. */
    public ResumeStore resume() {
        return resume;
    }

    /** Which jobs take the place of others. */
    public SuccessionStore successions() {
        return new SuccessionStore(database);
    }

    /** What live shares were before. */
    public RevisionStore revisions() {
        return new RevisionStore(database);
    }

    /** Of which revisions of live shares the files are kept. */
    public KeptStore kept() {
        return new KeptStore(database);
    }

    /** Whether the database is a backup that was put in place at this start: what is in it may be a day old. */
    public boolean wasRestoredNow() {
        return database.wasRestoredNow();
    }

    /** Why nothing can be stored at the moment; null: it can, as far as is known. */
    public @Nullable Failure trouble() {
        return database.trouble();
    }

    /** All of them, oldest first. */
    public List<StoredTransfer> all() {
        return database.read(
                connection -> Sql.rows(connection, TransferRows.SELECT + " order by id", TransferRows::stored));
    }

    /**
     * @return its number, which no other transfer has or had
     * @throws UserException NAME_TAKEN when another share has that name; ALREADY_SHARED when another transfer has that hash
     */
    public TransferId insert(NewTransfer added) {
        return database.transaction(connection -> insert(connection, added));
    }

    /**
     * Adds a transfer that was here before, with what makes a torrent of it, all or nothing.
     *
     * @param transfer makes of its number what it is
     * @param digests null: there are none
     */
    public Transfer rebuild(
            NewTransfer added,
            Function<TransferId, Transfer> transfer,
            InfoHash hash,
            Bytes info,
            @Nullable Bytes digests) {
        return database.transaction(connection -> {
            Transfer rebuilt = transfer.apply(insert(connection, added));
            update(connection, rebuilt);
            MetadataRows.saveMetadata(connection, hash, info, added.since());
            if (digests != null) {
                MetadataRows.saveDigests(connection, hash, digests, added.since());
            }
            return rebuilt;
        });
    }

    static TransferId insert(Connection connection, NewTransfer added) throws SQLException {
        try {
            TransferId id = Sql.first(
                            connection,
                            """
                            insert into transfer (kind, name, place, state, hash, directory, folder_mark, magnet,
                                reshare, sent, mode, piece_length, since_ms)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id""",
                            result -> new TransferId(result.getLong(1)),
                            added.kind(),
                            added.name(),
                            added.place(),
                            added.state(),
                            added.hash(),
                            added.directory(),
                            added.folderMark(),
                            added.magnet(),
                            added.reshare() ? 1 : 0,
                            added.sent() ? 1 : 0,
                            added.mode(),
                            added.pieceLength(),
                            added.since())
                    .orElseThrow();
            grant(connection, id, added.audience());
            if (added.selection() != null) {
                ChoiceRows.save(connection, id, added.selection().choices());
            }
            return id;
        } catch (SQLException e) {
            throw explained(e, added.name(), added.hash());
        }
    }

    /**
     * Saves all that may change of a transfer by itself: kind, name, place, state, hash, share, failure, finished.
     *
     * @return false when it is not there (any more), and nothing is changed
     * @throws UserException as {@link #insert}
     */
    public boolean update(Transfer transfer) {
        return database.transaction(connection -> update(connection, transfer));
    }

    /** As {@link #update(Transfer)}, for a state that a start finds out again: a power failure may undo it. */
    public boolean updateRelaxed(Transfer transfer) {
        return database.transactionRelaxed(connection -> update(connection, transfer));
    }

    /** As {@link #update(Transfer)}, with what makes a torrent of it, all or nothing. */
    public boolean update(Transfer transfer, Bytes info, Bytes digests, Instant now) {
        return update(transfer, info, digests, null, now);
    }

    /** @param stamps how the files were when they were hashed; null: nobody knows */
    public boolean update(Transfer transfer, Bytes info, Bytes digests, @Nullable Bytes stamps, Instant now) {
        InfoHash hash = transfer.hash();
        if (hash == null) {
            throw new IllegalArgumentException("metadata belong to a hash: " + transfer);
        }
        return database.transaction(connection -> {
            if (!update(connection, transfer)) {
                return false;
            }
            MetadataRows.saveMetadata(connection, hash, info, now);
            MetadataRows.saveDigests(connection, hash, digests, now);
            Sql.update(
                    connection,
                    "delete from hashing where share = ?",
                    transfer.id().value());
            if (stamps != null) {
                MetadataRows.saveStamps(connection, hash, stamps);
            }
            return true;
        });
    }

    /**
     * Saves whom a share is for from now on.
     *
     * @return false when it is not there (any more), and nothing is changed
     */
    public boolean saveAudience(TransferId id, Audience audience) {
        return database.transaction(connection -> {
            if (Sql.first(connection, "select 1 from transfer where id = ?", row -> true, id.value())
                    .isEmpty()) {
                return false;
            }
            Set<String> left = new HashSet<>(audience.texts());
            for (String grantee : Sql.rows(
                    connection,
                    "select grantee from share_grant where share = ?",
                    row -> row.getString(1),
                    id.value())) {
                if (!left.contains(grantee)) {
                    Sql.update(
                            connection, "delete from share_grant where share = ? and grantee = ?", id.value(), grantee);
                }
            }
            grant(connection, id, audience);
            return true;
        });
    }

    /** Whether those who get a share may share it on by themselves. */
    public boolean allowsReshare(TransferId id) {
        return database.read(connection -> Sql.first(
                        connection, "select reshare from transfer where id = ?", row -> row.getBoolean(1), id.value()))
                .orElse(false);
    }

    /** Whether a share is an offer, which goes once those whom it is for have it. */
    public boolean isSent(TransferId id) {
        return database.read(connection -> Sql.first(
                        connection, "select sent from transfer where id = ?", row -> row.getBoolean(1), id.value()))
                .orElse(false);
    }

    /** How long a share's pieces are where its user said so. */
    public Optional<Integer> pieceLength(TransferId id) {
        return database.read(connection -> Sql.first(
                connection,
                "select piece_length from transfer where id = ? and piece_length is not null",
                row -> row.getInt(1),
                id.value()));
    }

    /** Where a job grows; null: nowhere any more. */
    public void saveStaging(TransferId id, @Nullable Path staging) {
        database.change(connection ->
                Sql.update(connection, "update transfer set staging = ? where id = ?", staging, id.value()));
    }

    /** By what a job's folder is known again from now on. */
    public void saveFolderMark(TransferId id, String mark) {
        database.change(connection ->
                Sql.update(connection, "update transfer set folder_mark = ? where id = ?", mark, id.value()));
    }

    /** How much was sent of each since it was added. The last totals may be lost with the power. */
    public void saveUploaded(Map<TransferId, Long> bytes) {
        database.changeRelaxed(connection -> {
            for (Map.Entry<TransferId, Long> entry : bytes.entrySet()) {
                Sql.update(
                        connection,
                        "update transfer set uploaded_bytes = ? where id = ?",
                        entry.getValue(),
                        entry.getKey().value());
            }
        });
    }

    /**
     * Forgets a transfer with all that belongs to its torrent.
     *
     * @return false when it was not there
     */
    public boolean remove(TransferId id) {
        return remove(id, null);
    }

    /** As above, and keeps in mind what is to be deleted, until {@link #removed}. */
    public boolean remove(TransferId id, @Nullable Removal rest) {
        return database.transaction(connection -> {
            if (rest != null) {
                Sql.update(
                        connection,
                        "insert or replace into removal (hash, place, share_name, info, with_files, here) values (?, ?, ?, ?, ?, ?)",
                        rest.hash(),
                        rest.place(),
                        rest.shareName(),
                        rest.info(),
                        rest.withFiles() ? 1 : 0,
                        rest.here());
            }
            return remove(connection, id);
        });
    }

    static boolean remove(Connection connection, TransferId id) throws SQLException {
        Optional<String> hash = Sql.first(
                connection,
                "select hash from transfer where id = ? and hash is not null",
                result -> result.getString(1),
                id.value());
        int removed = Sql.update(connection, "delete from transfer where id = ?", id.value());
        if (hash.isPresent()) {
            Sql.update(connection, "delete from metadata where hash = ?", hash.get());
            Sql.update(connection, "delete from digests where hash = ?", hash.get());
        }
        return removed > 0;
    }

    /** Of which something may still lie on the disk. */
    public List<Removal> removals() {
        return database.read(connection -> Sql.rows(
                connection,
                "select hash, place, share_name, info, with_files, here from removal",
                row -> new Removal(
                        new InfoHash(row.getString(1)),
                        Path.of(row.getString(2)),
                        row.getString(3),
                        row.getBytes(4) == null ? null : Bytes.of(row.getBytes(4)),
                        row.getBoolean(5),
                        row.getBytes(6) == null ? null : Bytes.of(row.getBytes(6)))));
    }

    /** Nothing of it is left that should not be. A power failure may undo it: then it is looked for again. */
    public void removed(InfoHash hash) {
        database.changeRelaxed(connection -> Sql.update(connection, "delete from removal where hash = ?", hash));
    }

    /** Keeps an info dictionary (BEP 3), also of what nobody wants yet: of those, the ones fetched last. */
    public void saveMetadata(InfoHash hash, Bytes info, Instant now) {
        database.change(connection -> {
            MetadataRows.saveMetadata(connection, hash, info, now);
            MetadataRows.prune(connection, browsedLimitBytes);
        });
    }

    public Optional<Bytes> metadata(InfoHash hash) {
        return blob("select info from metadata where hash = ?", hash);
    }

    /** As above of many, in this order, until they have {@code limitBytes} together; the first in any case. */
    public Map<InfoHash, Bytes> metadata(List<InfoHash> hashes, long limitBytes) {
        return database.read(connection -> MetadataRows.metadata(connection, hashes, limitBytes));
    }

    /** Keeps the SHA-256 of each file, 32 bytes each, in the order of the info dictionary. */
    public void saveDigests(InfoHash hash, Bytes digests, Instant now) {
        database.change(connection -> {
            MetadataRows.saveDigests(connection, hash, digests, now);
            MetadataRows.prune(connection, browsedLimitBytes);
        });
    }

    public Optional<Bytes> digests(InfoHash hash) {
        return blob("select sha256s from digests where hash = ?", hash);
    }

    /** They were proven wrong. */
    public void removeDigests(InfoHash hash) {
        database.change(connection -> Sql.update(connection, "delete from digests where hash = ?", hash));
    }

    /** Keeps how the files of a share were when what is in them was known. Without effect when no transfer has this hash. */
    public void saveStamps(InfoHash hash, Bytes stamps) {
        database.change(connection -> MetadataRows.saveStamps(connection, hash, stamps));
    }

    public Optional<Bytes> stamps(InfoHash hash) {
        return blob("select stamps from stamps where hash = ?", hash);
    }

    /** As above of many, where there are any. */
    public Map<InfoHash, Bytes> stamps(Set<InfoHash> hashes) {
        return database.read(connection -> MetadataRows.stamps(connection, hashes));
    }

    static void grant(Connection connection, TransferId id, Audience audience) throws SQLException {
        for (String grantee : audience.texts()) {
            Sql.update(
                    connection,
                    "insert into share_grant (share, grantee) values (?, ?) on conflict do nothing",
                    id.value(),
                    grantee);
        }
    }

    private Optional<Bytes> blob(String sql, InfoHash hash) {
        return database.read(connection -> Sql.first(connection, sql, Sql::bytes, hash));
    }

    static boolean update(Connection connection, Transfer transfer) throws SQLException {
        Share share = transfer.share();
        Failure failure = transfer.failure();
        Selection selection = transfer.selection();
        try {
            ChoiceRows.save(connection, transfer.id(), selection == null ? List.of() : selection.choices());
            return Sql.update(
                            connection,
                            """
                            update transfer set kind = ?, name = ?, place = ?, state = ?, hash = ?,
                                share_name = ?, content_id = ?, size_bytes = ?, files = ?, revision = ?,
                                failure_code = ?, failure_reason = ?, failure_hint = ?, failure_since_ms = ?,
                                finished_ms = ?, chosen_files = ?, chosen_bytes = ?, here = ?,
                                priority = ?, mode = ?, down_bytes_per_second = ?, up_bytes_per_second = ?,
                                file_priorities = ?
                            where id = ?""",
                            transfer.kind(),
                            transfer.name(),
                            transfer.place(),
                            transfer.state(),
                            transfer.hash(),
                            share == null ? null : share.name(),
                            share == null ? null : share.content(),
                            share == null ? null : share.sizeBytes(),
                            share == null ? null : share.files(),
                            share == null ? 0 : share.revision(),
                            failure == null ? null : failure.code(),
                            failure == null ? null : failure.reason(),
                            failure == null ? null : failure.hint(),
                            failure == null ? null : failure.since(),
                            transfer.finished(),
                            selection == null ? 0 : selection.files(),
                            selection == null ? 0 : selection.sizeBytes(),
                            selection == null || !selection.isBegun() ? null : selection.here(),
                            transfer.priority(),
                            transfer.mode(),
                            transfer.limit().downBytesPerSecond(),
                            transfer.limit().upBytesPerSecond(),
                            TransferRows.text(transfer.filePriorities()),
                            transfer.id().value())
                    > 0;
        } catch (SQLException e) {
            throw explained(e, transfer.name(), transfer.hash());
        }
    }

    /** What a unique index refused, in words; anything else as it is. */
    private static SQLException explained(SQLException e, String name, @Nullable InfoHash hash) {
        if (e instanceof SQLiteException s && s.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("transfer.name")) {
                throw new UserException(
                        ErrorCode.NAME_TAKEN,
                        "another share is called '" + name + "'",
                        "choose another name with --name",
                        e);
            }
            if (message.contains("transfer.hash")) {
                throw new UserException(
                        ErrorCode.ALREADY_SHARED,
                        hash + " is here already",
                        "nothing to do: it needs no second time",
                        e);
            }
        }
        return e;
    }
}
