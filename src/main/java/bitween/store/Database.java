package bitween.store;

import bitween.files.PrivateFiles;
import bitween.model.Failure;
import bitween.model.StoreStatus.Restored;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The database file: one writing connection, and a few that only read.
 *
 * <p>Thread: any but {@code bus}. Every failure is a {@link UserException}: DISK_FULL or STORE_FAILED, whatever SQLite said being its cause; what was
 * begun is rolled back.
 */
public final class Database implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Database.class);

    /** What happens in one transaction. It must not keep the connection, nor commit by itself. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Work without a result. */
    @FunctionalInterface
    public interface Change {
        void run(Connection connection) throws SQLException;
    }

    /** When a commit returns. */
    private enum Durability {
        /** Once it is on the disk: survives the power. */
        FULL,
        /** Once the system has it: survives this process; a power failure may undo the last ones, in order. */
        NORMAL
    }

    private static final Duration LOCK_WAIT = Duration.ofMillis(Connections.BUSY_TIMEOUT_MS);
    /** Enough for another program's short transaction. Longer waits are turns of it, so that they can be cut short. */
    private static final int TURN_MS = 50;
    /** At the end, for another program that reads. */
    private static final int LAST_WAIT_MS = 1_000;

    /** What SQLite does by itself. */
    private static final int CHECKPOINT_PAGES = 1_000;

    private static final long LONG_LOG_BYTES = CHECKPOINT_PAGES * 4_096L;

    private final Path file;
    private final Connection writer;
    private final Readers readers;
    private final ReentrantLock writing = new ReentrantLock();
    private Durability durability = Durability.FULL;
    private final boolean clean;
    private final @Nullable Restored restored;
    private final boolean restoredNow;
    private final Trouble trouble;
    private final Duration lockWait;
    private volatile boolean hurried;
    /** Whether the file is as it was opened, and its seal says so: all that is new is in the log. */
    private boolean untouched = true;

    private boolean closed;

    private Database(Path file, Opening.Opened opened, Clock clock, Duration lockWait) throws SQLException {
        this.lockWait = lockWait;
        trouble = new Trouble(file, clock);
        this.file = file;
        writer = opened.writer();
        clean = opened.clean();
        restored = opened.restored();
        restoredNow = opened.now();
        readers = new Readers(file);
        waitForOthers(TURN_MS);
    }

    /**
     * Opens the file, makes it if there is none, and brings its schema up to date. One that is damaged is moved aside, and the newest backup takes its place:
     * {@link #restored}.
     *
     * @param file of mode 0600 in a directory of mode 0700; both are made so. Its seal, backups and what was set aside are beside it
     * @param natives where SQLite's native library is extracted to, of mode 0700; the first call in a process decides
     * @throws UserException HOME_UNSAFE, NEWER_HOME (the file is left as it was), STORE_FAILED, DISK_FULL, DISK_WRITE
     */
    public static Database open(Path file, Path natives) {
        return open(file, natives, Clock.systemUTC());
    }

    /** As {@link #open(Path, Path)}, at a time that the caller chooses. */
    public static Database open(Path file, Path natives, Clock clock) {
        return open(file, natives, clock, LOCK_WAIT);
    }

    /** As {@link #open(Path, Path, Clock)}; {@code lockWait} is how long a change waits for another program that holds the file. */
    public static Database open(Path file, Path natives, Clock clock, Duration lockWait) {
        return open(file, natives, Schema.scripts(), clock, lockWait);
    }

    static Database open(Path file, Path natives, List<String> scripts) {
        return open(file, natives, scripts, Clock.systemUTC());
    }

    static Database open(Path file, Path natives, List<String> scripts, Clock clock) {
        return open(file, natives, scripts, clock, LOCK_WAIT);
    }

    private static Database open(Path file, Path natives, List<String> scripts, Clock clock, Duration lockWait) {
        PrivateFiles.directory(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory"));
        Connections.extractInto(PrivateFiles.directory(natives));
        try {
            return new Database(file, Opening.open(file, scripts, clock), clock, lockWait);
        } catch (SQLException e) {
            throw StoreFailure.of(file, e);
        } catch (IOException e) {
            throw Opening.failed(file, e);
        }
    }

    /** Whether the file is what was closed in order the last time; false after a crash, and when it was restored. */
    public boolean wasCleanlyClosed() {
        return clean;
    }

    /** What was put in place of a damaged file, now or at an earlier start; null: nothing, or the user has removed that file. */
    public @Nullable Restored restored() {
        return restored;
    }

    /** Whether that was now: what is in it is older than what else is in the home. */
    public boolean wasRestoredNow() {
        return restoredNow;
    }

    Path file() {
        return file;
    }

    /** Runs {@code work} in a transaction that is on the disk when this returns. Not within another: IllegalStateException. */
    public <T> T transaction(Work<T> work) {
        return write(Durability.FULL, work);
    }

    /** As {@link #transaction}, for what can be had again: a power failure may undo it. */
    public <T> T transactionRelaxed(Work<T> work) {
        return write(Durability.NORMAL, work);
    }

    /** {@link #transaction} without a result. */
    public void change(Change change) {
        write(Durability.FULL, asWork(change));
    }

    /** {@link #transactionRelaxed} without a result. */
    public void changeRelaxed(Change change) {
        write(Durability.NORMAL, asWork(change));
    }

    /** Runs {@code work} on one state of the database, beside whatever is being written; it cannot write. Not within a transaction. */
    public <T> T read(Work<T> work) {
        requireOutside();
        return readers.read(work);
    }

    private static Work<Boolean> asWork(Change change) {
        return connection -> {
            change.run(connection);
            return true;
        };
    }

    private <T> T write(Durability wanted, Work<T> work) {
        requireOutside();
        writing.lock();
        try {
            if (closed) {
                throw StoreFailure.closed(file);
            }
            if (durability != wanted) {
                execute(writer, "pragma synchronous = " + wanted);
                durability = wanted;
            }
            begin();
            T result = inTransaction(writer, work);
            trouble.over();
            checkpointSoon();
            return result;
        } catch (SQLException e) {
            throw trouble.noted(StoreFailure.of(file, e));
        } finally {
            writing.unlock();
        }
    }

    /** Waits for another program that holds the file; not for long once that is known, or when the stop is asked for. */
    private void begin() throws SQLException {
        long deadline = System.nanoTime() + lockWait.toNanos();
        while (true) {
            boolean last = trouble.isLocked() || hurried || System.nanoTime() >= deadline;
            try {
                execute(writer, "begin immediate");
                return;
            } catch (SQLException e) {
                if (last || !StoreFailure.isLocked(e)) {
                    throw e;
                }
            }
        }
    }

    /** Lets SQLite bring the log into the file from time to time, once the log is long enough. */
    private void checkpointSoon() {
        if (!untouched) {
            return;
        }
        try {
            if (Files.size(Opening.wal(file)) >= LONG_LOG_BYTES) {
                Seal.breakOpened(file);
                execute(writer, "pragma wal_autocheckpoint = " + CHECKPOINT_PAGES);
                untouched = false;
            }
        } catch (SQLException | IOException | UserException e) {
            log.debug("{} keeps its long log for now: {}", file, e.getMessage()); // what was committed is in it
        }
    }

    private void waitForOthers(int timeoutMs) throws SQLException {
        execute(writer, "pragma busy_timeout = " + timeoutMs);
    }

    /** From now on nobody waits for another program that holds the file: what cannot be stored at once is not. Any thread; never blocks. */
    public void hurry() {
        hurried = true;
    }

    /** Why nothing can be written at the moment; null: it can, as far as is known. */
    public @Nullable Failure trouble() {
        return trouble.now();
    }

    /** Looks whether what kept it from being written is over. Call it now and then; without effect while all is well. */
    public void tryAgain() {
        if (trouble.now() == null) {
            return;
        }
        try {
            int version = read(Schema::version);
            change(connection -> execute(connection, "pragma user_version = " + version)); // writes a page
        } catch (UserException e) {
            log.debug("not yet: {}", e.sentence());
        }
    }

    private void requireOutside() {
        assert !Thread.currentThread().getName().equals("bus") : "the bus waits for no disk";
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a transaction within a transaction");
        }
    }

    static <T> T inTransaction(Connection connection, String begin, Work<T> work) throws SQLException {
        execute(connection, begin);
        return inTransaction(connection, work);
    }

    private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        try {
            T result = work.run(connection);
            execute(connection, "commit");
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            try {
                execute(connection, "rollback");
            } catch (SQLException already) {
                e.addSuppressed(already); // a full disk makes SQLite roll back by itself
            }
            throw e;
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Waits for what is being written and read, at most 5 s for the readers; writes everything into the one file. Idempotent. */
    @Override
    public void close() {
        readers.close();
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            boolean whole;
            try (writer) {
                waitForOthers(LAST_WAIT_MS);
                Seal.breakOpened(file);
                whole = checkpoint(writer, file);
            }
            if (whole) {
                Seal.put(file);
            }
        } catch (SQLException | IOException | UserException e) {
            log.warn("{} was not closed cleanly; nothing is lost: {}", file, e.getMessage(), e);
        } finally {
            writing.unlock();
        }
    }

    /** @return whether all is in the one file */
    static boolean checkpoint(Connection writer, Path file) throws SQLException {
        try (Statement statement = writer.createStatement();
                ResultSet result = statement.executeQuery("pragma wal_checkpoint(truncate)")) {
            if (result.next() && result.getInt(1) != 0) {
                log.warn("{} keeps its write-ahead log: somebody still reads it, or holds it", file);
                return false;
            }
            return true;
        }
    }
}
