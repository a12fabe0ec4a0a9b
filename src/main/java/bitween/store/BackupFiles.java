package bitween.store;

import bitween.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Copies of a database in {@code backups/} beside it, each one file, named by its time and sealed. Thread: any but {@code bus}. */
final class BackupFiles {
    /** Three days back: damage that is not noticed at a start is noticed at the next. */
    static final int KEPT = 3;

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("bitween-(\\d{8}T\\d{6}Z)\\.db");

    private final Path directory;

    private BackupFiles(Path directory) {
        this.directory = directory;
    }

    static BackupFiles of(Path database) {
        return new BackupFiles(database.resolveSibling("backups"));
    }

    /** One copy. */
    record Backup(Path file, Instant taken) {}

    /** The newest first. */
    List<Backup> all() throws IOException {
        List<Backup> backups = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return backups;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "bitween-*.db")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    backups.add(new Backup(file, TIME.parse(name.group(1), Instant::from)));
                }
            }
        }
        backups.sort(Comparator.comparing(Backup::taken).reversed());
        return backups;
    }

    /**
     * Copies what {@code source} sees, without what is free in it, beside whatever is being written; then removes the oldest copies.
     *
     * @param source may be one that only reads
     * @param running is given the statement while it runs, so that it can be cancelled
     */
    Backup take(Connection source, Instant now, Consumer<PreparedStatement> running) throws SQLException, IOException {
        PrivateFiles.directory(directory);
        Path file = directory.resolve("bitween-" + TIME.format(now) + ".db");
        Path fresh = directory.resolve(".bitween.db.new");
        Files.deleteIfExists(fresh);
        PrivateFiles.file(fresh); // SQLite takes an empty file, with its mode
        try {
            try (PreparedStatement copy = source.prepareStatement("vacuum into ?")) {
                copy.setString(1, fresh.toString());
                running.accept(copy);
                copy.execute();
            }
            Files.deleteIfExists(Seal.of(file));
            PrivateFiles.replace(fresh, file);
            Seal.put(file);
        } finally {
            Files.deleteIfExists(fresh);
        }
        prune();
        return new Backup(file, now);
    }

    private void prune() throws IOException {
        List<Backup> backups = all();
        for (Backup old : backups.subList(Math.min(KEPT, backups.size()), backups.size())) {
            PrivateFiles.delete(old.file());
            Seal.remove(old.file());
        }
    }
}
