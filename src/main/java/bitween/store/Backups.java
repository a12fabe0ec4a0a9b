package bitween.store;

import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.StoreStatus;
import bitween.model.UserException;
import bitween.store.BackupFiles.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Copies the database once a day, while it is in use. Thread: {@code backup} makes the copies, 100 MB in 0.2 s and as much of the disk; any may ask for the
 * status. One that fails is told once and tried again; it never keeps the daemon from anything.
 */
public final class Backups implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Backups.class);
    private static final Duration PERIOD = Duration.ofDays(1);
    /** What a backup must leave free for what the disk is there for. */
    private static final long SPARE_BYTES = 64 << 20;

    private final Database database;
    private final BackupFiles files;
    private final Clock clock;
    private final long spareBytes;
    private volatile List<Backup> known;
    private volatile @Nullable Failure failure;
    private @Nullable PreparedStatement running;
    private boolean closed;

    public Backups(Database database, Clock clock) {
        this(database, clock, SPARE_BYTES);
    }

    Backups(Database database, Clock clock, long spareBytes) {
        this.database = database;
        this.clock = clock;
        this.spareBytes = spareBytes;
        files = BackupFiles.of(database.file());
        known = List.of();
        look();
    }

    /** Makes a copy if the newest is a day old, or of a time to come: clocks are set back. Call it more often than daily. */
    public void takeIfDue() {
        Instant now = clock.instant();
        boolean due = known.isEmpty()
                || Duration.between(known.get(0).taken(), now).abs().compareTo(PERIOD) >= 0;
        if (!due) {
            return;
        }
        try (Connection reader = Connections.reader(database.file())) {
            requireRoom();
            Backup backup = files.take(reader, now, this::begin);
            log.info("the database is copied to {}", backup.file());
            failure = null;
        } catch (SQLException e) {
            failed(StoreFailure.of(database.file(), e), now);
        } catch (IOException e) {
            failed(Opening.failed(database.file(), e), now);
        } catch (UserException e) {
            failed(e, now);
        } finally {
            end();
        }
        look();
    }

    /** Of the database and its copies. */
    public StoreStatus status() {
        List<Backup> now = known;
        return new StoreStatus(
                database.trouble(),
                now.size(),
                now.isEmpty() ? null : now.get(0).taken(),
                failure,
                database.restored());
    }

    /** Breaks off a copy that is being made: it is made at the next start. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            if (running != null) {
                running.cancel();
            }
        } catch (SQLException e) {
            log.warn("the backup under way goes on: {}", e.getMessage(), e);
        }
    }

    private synchronized void begin(PreparedStatement statement) {
        if (closed) {
            throw StoreFailure.closed(database.file());
        }
        running = statement;
    }

    private synchronized void end() {
        running = null;
    }

    private synchronized void failed(UserException why, Instant now) {
        if (closed) {
            return;
        }
        Failure known = failure;
        if (known == null || known.code() != why.code()) {
            log.warn("the database has no backup of today: {}", why.sentence());
            failure = Failure.of(why, now);
        }
    }

    private void requireRoom() throws IOException {
        Path file = database.file();
        long free = Files.getFileStore(file).getUsableSpace();
        if (free < Files.size(file) + spareBytes) {
            throw new UserException(
                    ErrorCode.DISK_FULL,
                    "the disk has no room for a backup of " + file,
                    "free some space on it; a backup is tried each hour");
        }
    }

    private void look() {
        try {
            known = List.copyOf(files.all());
        } catch (IOException e) {
            log.warn("the backups of {} cannot be counted: {}", database.file(), e.getMessage(), e);
        }
    }
}
