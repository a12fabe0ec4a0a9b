package bitween.store;

import bitween.files.PrivateFiles;
import bitween.model.ErrorCode;
import bitween.model.StoreStatus.Restored;
import bitween.model.UserException;
import bitween.store.BackupFiles.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens a database so that what comes out is whole, and of today's schema. Thread: the one that starts the daemon.
 *
 * <p>A file that was closed cleanly needs a look at its {@link Seal} alone; any other is checked by SQLite, and every row that bitween lives by is read. One
 * that is damaged is moved aside, never deleted, and the newest backup that is whole takes its place; without any, an empty one. The seal
 * costs one reading of the file; SQLite's check took 0.09 s for 169 MB, and 0.5 s for 676 MB, from memory.
 */
final class Opening {
    private static final Logger log = LogManager.getLogger(Opening.class);

    private final Path file;
    private final List<String> scripts;
    private final Clock clock;
    private final BackupFiles backups;
    private final RestoredNote note;

    private Opening(Path file, List<String> scripts, Clock clock) {
        this.file = file;
        this.scripts = scripts;
        this.clock = clock;
        backups = BackupFiles.of(file);
        note = RestoredNote.of(file);
    }

    /**
     * What was opened.
     *
     * @param clean whether the file is what was closed in order the last time: also a new one
     * @param restored what was put in its place, now or earlier; null: nothing
     * @param now whether that was now
     */
    record Opened(
            Connection writer, boolean clean, @Nullable Restored restored, boolean now) {}

    /** It is not what was written, for the reason that the message gives. */
    private static final class DamagedException extends Exception {
        private static final long serialVersionUID = 1L;
        /** Whether SQLite finds nothing wrong: a row says what cannot be, which a mistake of ours may have written as well. */
        private final boolean readable;

        DamagedException(String why) {
            this(why, false);
        }

        DamagedException(String why, boolean readable) {
            super(why);
            this.readable = readable;
        }
    }

    /** @throws UserException NEWER_HOME, and the file is left as it was */
    static Opened open(Path file, List<String> scripts, Clock clock) throws SQLException, IOException {
        return new Opening(file, scripts, clock).open();
    }

    private Opened open() throws SQLException, IOException {
        boolean isNew = isEmpty(file) && isEmpty(wal(file));
        if (isNew && !backups.all().isEmpty()) {
            return restored(new DamagedException("it is gone"));
        }
        Seal.Verdict seal = isEmpty(wal(file)) ? Seal.check(file) : Seal.Verdict.NONE;
        boolean clean = isNew || seal == Seal.Verdict.INTACT;
        try {
            boolean rotten = seal == Seal.Verdict.ROTTEN
                    || (seal == Seal.Verdict.NONE && Seal.checkOpened(file) == Seal.Verdict.ROTTEN);
            if (rotten) {
                throw new DamagedException("its disk gives back other bytes than were written");
            }
            if (seal == Seal.Verdict.WRITTEN) {
                log.warn("another program has written to {} since bitween closed it", file);
            }
            long lostPages = clean ? 0 : WalCheck.lostPages(wal(file));
            if (lostPages > 0) {
                return cutOff(lostPages);
            }
            return new Opened(opened(clean), clean, note.read(), false);
        } catch (DamagedException e) {
            return restored(e);
        }
    }

    /** What was committed before is whole; SQLite would leave out the rest, and say nothing. */
    private Opened cutOff(long lostPages) throws SQLException, IOException, DamagedException {
        Path aside = Path.of(asideName() + "-wal");
        PrivateFiles.file(aside);
        Files.copy(wal(file), aside, StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.file(aside);
        String why = "the end of its log, " + lostPages + " pages, is damaged, or was lost with the power";
        Connection writer = opened(false);
        log.error("the database {} has lost its last changes: {}; the log is kept as {}", file, why, aside);
        return new Opened(writer, false, note.write(new Restored(clock.instant(), why, aside, null, false)), true);
    }

    private Path asideName() {
        String name = file.getFileName() + ".corrupt-" + BackupFiles.TIME.format(clock.instant());
        Path aside = file.resolveSibling(name);
        for (int again = 2; Files.exists(aside) || Files.exists(wal(aside)); again++) {
            aside = file.resolveSibling(name + "-" + again);
        }
        return aside;
    }

    private Opened restored(DamagedException damage) throws SQLException, IOException {
        String why = String.valueOf(damage.getMessage());
        Path aside = setAside();
        log.error("the database {} is damaged: {}; it is kept as {}", file, why, aside);
        for (Backup backup : backups.all()) {
            try {
                putInPlace(backup);
                Connection writer = opened(false);
                log.error(
                        "the database is that of {} again: what was granted, revoked, trusted or blocked since is not in it",
                        backup.taken());
                return new Opened(
                        writer,
                        false,
                        note.write(new Restored(clock.instant(), why, aside, backup.taken(), false)),
                        true);
            } catch (DamagedException e) {
                log.error("the backup {} is damaged, too: {}", backup.file(), e.getMessage());
                removePlaced();
            }
        }
        if (damage.readable && aside != null) {
            putBack(aside);
            throw new UserException(
                    ErrorCode.STORE_FAILED,
                    "the database " + file + " cannot be understood, and there is no backup: " + why,
                    "please report it; to begin with an empty one, move that file away");
        }
        try {
            log.error("there is no backup of the database: bitween begins with an empty one");
            return new Opened(
                    opened(true), false, note.write(new Restored(clock.instant(), why, aside, null, true)), true);
        } catch (DamagedException e) {
            throw new SQLException("an empty database is damaged: " + e.getMessage(), e);
        }
    }

    /** @param trusted whether nothing needs to be looked at, because a seal says so */
    private Connection opened(boolean trusted) throws SQLException, IOException, DamagedException {
        PrivateFiles.file(file);
        boolean sealed = isEmpty(wal(file)) && Seal.check(file) == Seal.Verdict.INTACT;
        if (sealed) {
            Seal.open(file);
        } else {
            Seal.remove(file);
        }
        @Nullable Connection writer = null;
        boolean whole = false;
        try {
            writer = Connections.writer(file);
            Database.execute(writer, "pragma wal_autocheckpoint = 0"); // until the seal is broken
            if (!trusted) {
                requireWhole(writer);
            }
            backUpBeforeUpgrade(writer);
            Schema.upgrade(writer, scripts);
            if (!trusted) {
                Rows.requireReadable(writer);
            }
            Connections.useWal(writer);
            if (!sealed) {
                Database.inTransaction(
                        writer, "begin immediate", c -> true); // ends what scripts leave begun: no checkpoint before
                Database.checkpoint(writer, file);
                Seal.putOpened(file);
            }
            whole = true;
            return writer;
        } catch (SQLException e) {
            if (StoreFailure.isDamage(e)) {
                throw new DamagedException(String.valueOf(e.getMessage()), e instanceof Sql.SenselessRowException);
            }
            throw e;
        } finally {
            if (!whole && writer != null) {
                writer.close();
            }
        }
    }

    private static void requireWhole(Connection connection) throws SQLException, DamagedException {
        String first = Sql.first(connection, "pragma integrity_check(1)", row -> row.getString(1))
                .orElse("SQLite says nothing");
        if (!first.equals("ok")) {
            throw new DamagedException(first.lines().findFirst().orElse(first));
        }
    }

    /** One for all scripts that follow: each of these is a transaction, which leaves all or nothing. */
    private void backUpBeforeUpgrade(Connection writer) throws SQLException, IOException {
        int version = Schema.version(writer);
        if (version > 0 && version < scripts.size()) {
            Backup backup = backups.take(writer, clock.instant(), statement -> {});
            log.info("the database goes from schema {} to {}; as it was: {}", version, scripts.size(), backup.file());
        }
    }

    /** @return null when there was nothing to keep */
    private @Nullable Path setAside() throws IOException {
        boolean kept = !isEmpty(file) || !isEmpty(wal(file));
        Path aside = asideName();
        if (kept) {
            for (Path part : List.of(wal(file), file)) { // in this order: a log without its file means nothing
                if (Files.exists(part)) {
                    Path to = part.equals(file) ? aside : wal(aside);
                    Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        removePlaced();
        return kept ? aside : null;
    }

    private void putBack(Path aside) throws IOException {
        removePlaced();
        for (Path part : List.of(wal(aside), aside)) {
            if (Files.exists(part)) {
                Files.move(part, part.equals(aside) ? file : wal(file), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private void putInPlace(Backup backup) throws IOException, DamagedException {
        if (Seal.check(backup.file()) == Seal.Verdict.ROTTEN) {
            throw new DamagedException("its disk gives back other bytes than were written");
        }
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        PrivateFiles.file(fresh);
        Files.copy(backup.file(), fresh, StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.file(fresh);
        PrivateFiles.replace(fresh, file);
    }

    private void removePlaced() throws IOException {
        Seal.remove(file);
        for (Path part : List.of(wal(file), file.resolveSibling(file.getFileName() + "-shm"), file)) {
            Files.deleteIfExists(part);
        }
    }

    static Path wal(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    private static boolean isEmpty(Path path) throws IOException {
        return !Files.exists(path) || Files.size(path) == 0;
    }

    /** @throws UserException DISK_READ or DISK_WRITE, what {@code e} says */
    static UserException failed(Path file, IOException e) {
        return new UserException(
                ErrorCode.DISK_WRITE,
                "the database " + file + " cannot be checked: " + e.getMessage(),
                "look at the owner, the mode and the disk of its directory",
                e);
    }
}
