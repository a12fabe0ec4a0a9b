package bitween.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** Opens SQLite connections, set up the same way each. Thread: any but {@code bus}. */
final class Connections {
    private static final Logger log = LogManager.getLogger(Connections.class);
    /** How long to wait for another process that holds the file, say a backup. */
    static final int BUSY_TIMEOUT_MS = 5_000;
    /** What the write-ahead log is cut back to after a burst. */
    private static final int WAL_LIMIT_BYTES = 16 << 20;

    private static final String LIBRARY_DIRECTORY = "org.sqlite.tmpdir";
    private static boolean extracted;

    private Connections() {}

    /**
     * Lets sqlite-jdbc extract its native library into {@code natives} instead of the common temporary directory, where others could put theirs. Removes
     * what a killed process left there. Only the first call in a process does anything: the library is loaded once.
     */
    static synchronized void extractInto(Path natives) {
        if (extracted) {
            return;
        }
        System.setProperty(LIBRARY_DIRECTORY, natives.toAbsolutePath().toString());
        try (DirectoryStream<Path> left = Files.newDirectoryStream(natives, "sqlite-*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("old native libraries stay in {}: {}", natives, e.getMessage(), e);
        }
        extracted = true;
    }

    static Connection writer(Path file) throws SQLException {
        SQLiteConfig config = common();
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(WAL_LIMIT_BYTES);
        return open(file, config);
    }

    /** The file must be there, and open for writing. */
    static Connection reader(Path file) throws SQLException {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        return open(file, config);
    }

    /** The mode is kept in the file, so it is set only once the file is known to be ours and of a schema that we know. */
    static void useWal(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement();
                ResultSet mode = statement.executeQuery("pragma journal_mode = wal")) {
            if (!mode.next() || !mode.getString(1).equalsIgnoreCase("wal")) {
                throw new SQLException("no write-ahead log on this file system");
            }
        }
        // the first read opens the log; a writer that never reads nor writes would find itself locked out of the
        // checkpoint at the end
        Schema.version(writer);
    }

    private static SQLiteConfig common() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.enforceForeignKeys(true);
        config.enableLoadExtension(false);
        return config;
    }

    /** As a URI: sqlite-jdbc takes what follows a '?' in a plain path for settings. */
    private static Connection open(Path file, SQLiteConfig config) throws SQLException {
        Connection connection =
                config.createConnection("jdbc:sqlite:" + file.toAbsolutePath().toUri());
        try {
            // what the schema of a tampered file names must not run: functions with side effects, virtual tables
            Database.execute(connection, "pragma trusted_schema = off; pragma cell_size_check = on");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
