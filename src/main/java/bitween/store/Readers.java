package bitween.store;

import bitween.store.Database.Work;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The connections that only read, opened as they are needed and kept. Thread: any. */
final class Readers implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Readers.class);
    /** Components that read: worker, catalogue, friends, one to spare; a fifth reader waits. */
    static final int LIMIT = 4;
    /** How long close() waits for readers; they take milliseconds. */
    private static final long CLOSE_SECONDS = 5;

    private final Path file;
    private final Semaphore free = new Semaphore(LIMIT);
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Readers(Path file) {
        this.file = file;
    }

    <T> T read(Work<T> work) {
        free.acquireUninterruptibly();
        Connection connection = null;
        try {
            if (closed) {
                throw StoreFailure.closed(file);
            }
            Connection kept = idle.pollFirst();
            connection = kept == null ? Connections.reader(file) : kept;
            return Database.inTransaction(connection, "begin", work);
        } catch (SQLException e) {
            throw StoreFailure.of(file, e);
        } finally {
            giveBack(connection);
            free.release();
        }
    }

    private void giveBack(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        if (closed) {
            close(connection); // close() did not wait for us
        } else {
            idle.addFirst(connection);
        }
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        try {
            if (free.tryAcquire(LIMIT, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                free.release(LIMIT);
            } else {
                log.warn("{} is closed while somebody reads", file);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            close(connection);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            log.warn("{} was not closed for reading: {}", file, e.getMessage(), e);
        }
    }
}
