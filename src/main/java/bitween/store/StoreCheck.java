package bitween.store;

import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.InfoHash;
import bitween.model.UserException;
import bitween.store.BackupFiles.Backup;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks whether the database and its backups are whole. Thread: any but {@code bus}; a second for each GB. */
public final class StoreCheck {
    private StoreCheck() {}

    /** Resume data that nothing proves are removed: the files they speak of are hashed at the next start. */
    public static List<Finding> check(Database database) {
        List<Finding> findings = new ArrayList<>();
        try {
            findings.add(integrity(database));
            findings.add(references(database));
            findings.add(resume(database));
        } catch (UserException e) {
            findings.add(Finding.wrong("database", e));
        }
        var restored = database.restored();
        if (restored != null) {
            findings.add(Finding.wrong(
                    "restored",
                    ErrorCode.STORE_DAMAGED,
                    "the database was damaged at " + restored.when() + ": " + restored.why(),
                    "look at friends, grants and what is blocked, then remove " + restored.setAside()));
        }
        findings.addAll(backups(database.file()));
        return findings;
    }

    private static Finding integrity(Database database) {
        String first =
                database.read(connection -> Sql.first(connection, "pragma integrity_check(1)", row -> row.getString(1))
                        .orElse("SQLite says nothing"));
        return first.equals("ok")
                ? Finding.ok("database", "SQLite finds nothing wrong")
                : Finding.wrong(
                        "database",
                        ErrorCode.STORE_DAMAGED,
                        first,
                        "start the daemon anew: it puts the last good backup in its place");
    }

    private static Finding references(Database database) {
        List<String> broken = database.read(connection -> Sql.rows(
                connection, "select distinct \"table\" from pragma_foreign_key_check", row -> row.getString(1)));
        return broken.isEmpty()
                ? Finding.ok("references", "every row belongs to another that is there")
                : Finding.wrong(
                        "references",
                        ErrorCode.STORE_DAMAGED,
                        "rows of " + broken + " belong to nothing",
                        "please report it");
    }

    private static Finding resume(Database database) {
        TorrentStore store = new TorrentStore(database);
        int removed = 0;
        int proven = 0;
        for (StoredTransfer row : store.all()) {
            InfoHash hash = row.transfer().hash();
            if (hash != null && row.hasResume() && row.staging() != null) {
                if (store.resume().of(hash).isPresent()) {
                    proven++;
                } else {
                    store.resume().remove(hash);
                    removed++;
                }
            }
        }
        return removed == 0
                ? Finding.ok("resume", proven + " unfinished jobs go on where they were")
                : Finding.mended(
                        "resume",
                        removed + " unfinished jobs had resume data that are not from here: they are checked");
    }

    private static List<Finding> backups(Path file) {
        List<Finding> findings = new ArrayList<>();
        try {
            List<Backup> all = BackupFiles.of(file).all();
            int good = 0;
            for (Backup backup : all) {
                String why = whyBad(backup);
                if (why.isEmpty()) {
                    good++;
                } else {
                    findings.add(Finding.wrong(
                            "backups", ErrorCode.STORE_DAMAGED, backup.file() + " is damaged: " + why, "remove it"));
                }
            }
            findings.add(
                    all.isEmpty()
                            ? Finding.ok("backups", "there is none yet: a daemon that runs makes one a day")
                            : Finding.ok(
                                    "backups",
                                    good + " of " + all.size() + " are good, the newest of "
                                            + all.get(0).taken()));
        } catch (IOException e) {
            findings.add(Finding.wrong("backups", Opening.failed(file, e)));
        }
        return findings;
    }

    private static String whyBad(Backup backup) {
        if (Seal.check(backup.file()) == Seal.Verdict.ROTTEN) {
            return "its disk gives back other bytes than were written";
        }
        try (Connection connection = Connections.reader(backup.file())) {
            String first = Sql.first(connection, "pragma integrity_check(1)", row -> row.getString(1))
                    .orElse("SQLite says nothing");
            return first.equals("ok") ? "" : first;
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
