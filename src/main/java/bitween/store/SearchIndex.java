package bitween.store;

import bitween.files.PrivateFiles;
import bitween.model.InfoHash;
import bitween.model.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The names of what friends share, down to the single file, so that they are found by words. A file of its own beside the database, which holds nothing that
 * could not be had again: it is not backed up, not waited for, and made anew when it is damaged.
 *
 * <p>Words are compared without case and diacritics, and by how they begin (SQLite's FTS5, unicode61). Shares come before files.
 *
 * <p>Thread: any but {@code bus}. Changes are made one after the other; a search sees the state before or after each.
 */
public final class SearchIndex implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(SearchIndex.class);
    private static final int VERSION = 1;
    /** Entries of shares have the share's own number, those of files begin here, so that they are found in this order. */
    private static final long FIRST_FILE = 1L << 32;

    /** Begins the word that stands for how a file's name ends: of a class that FTS5 takes for letters and {@link #NO_WORD} does not. */
    private static final String ENDS = "\uE000";

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private final Path file;
    private final Connection writer;
    private final Connection reader;
    private final Set<InfoHash> shares = new HashSet<>();
    private final Set<InfoHash> withFiles = new HashSet<>();

    /** @param path below the share's folder */
    public record Line(String path, long sizeBytes) {}

    /** @param path of a file, below the share's folder; empty: the share itself, as {@code name} */
    public record Hit(InfoHash hash, String name, String path, long sizeBytes) {
        public boolean isFile() {
            return !path.isEmpty();
        }
    }

    private SearchIndex(Path file, Connection writer, Connection reader) {
        this.file = file;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Opens the index, makes it if there is none, and makes it anew if it cannot be used.
     *
     * @param file in a directory of mode 0700
     * @throws bitween.model.UserException STORE_FAILED, DISK_FULL, DISK_WRITE
     */
    public static SearchIndex open(Path file) {
        try {
            try {
                return opened(file);
            } catch (SQLException e) {
                log.warn("the search index is made anew: {}", e.getMessage());
                for (String suffix : List.of("", "-wal", "-shm")) {
                    Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
                }
                return opened(file);
            }
        } catch (SQLException e) {
            throw StoreFailure.of(file, e);
        } catch (IOException e) {
            throw Opening.failed(file, e);
        }
    }

    private static SearchIndex opened(Path file) throws SQLException, IOException {
        if (!Files.exists(file)) {
            PrivateFiles.file(file);
        }
        Connection writer = Connections.writer(file);
        try {
            Connections.useWal(writer);
            Database.execute(writer, "pragma synchronous = off");
            int version = Schema.version(writer);
            if (version == 0) {
                make(writer);
            } else if (version != VERSION) {
                throw new SQLException("it is of version " + version);
            }
            SearchIndex index = new SearchIndex(file, writer, Connections.reader(file));
            index.load();
            return index;
        } catch (SQLException e) {
            writer.close();
            throw e;
        }
    }

    private static void make(Connection writer) throws SQLException {
        Database.execute(writer, """
                create table share (
                    id integer primary key,
                    hash text not null unique check (length(hash) = 40),
                    name text not null,
                    with_files integer not null default 0
                ) strict""");
        Database.execute(writer, """
                create table entry (
                    id integer primary key,
                    share integer not null references share (id),
                    path text not null,
                    size_bytes integer not null
                ) strict""");
        Database.execute(writer, "create index entry_of_share on entry (share)");
        Database.execute(writer, """
                create virtual table words using fts5 (
                    text, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
                    tokenize = 'unicode61 remove_diacritics 2'
                )""");
        Database.execute(writer, "pragma user_version = " + VERSION);
    }

    private void load() throws SQLException {
        shares.addAll(Sql.rows(writer, "select hash from share", row -> new InfoHash(row.getString(1))));
        withFiles.addAll(
                Sql.rows(writer, "select hash from share where with_files", row -> new InfoHash(row.getString(1))));
    }

    /** Those whose names are found. */
    public synchronized Set<InfoHash> shares() {
        return Set.copyOf(shares);
    }

    /** Those of whose files the names are found, too. */
    public synchronized Set<InfoHash> withFiles() {
        return Set.copyOf(withFiles);
    }

    /** Adds those that are not there yet. */
    public synchronized void add(Collection<Share> known) {
        List<Share> fresh =
                known.stream().filter(share -> !shares.contains(share.hash())).toList();
        if (fresh.isEmpty()) {
            return;
        }
        change(() -> {
            for (Share share : fresh) {
                Sql.update(writer, "insert into share (hash, name) values (?, ?)", share.hash(), share.name());
                long id = Sql.first(writer, "select last_insert_rowid()", row -> row.getLong(1))
                        .orElseThrow();
                Sql.update(
                        writer,
                        "insert into entry (id, share, path, size_bytes) values (?, ?, '', ?)",
                        id,
                        id,
                        share.sizeBytes());
                Sql.update(writer, "insert into words (rowid, text) values (?, ?)", id, share.name());
            }
        });
        fresh.forEach(share -> shares.add(share.hash()));
    }

    /** Adds the files of a share that is there without. */
    public synchronized void addFiles(InfoHash hash, List<Line> files) {
        if (!shares.contains(hash) || withFiles.contains(hash)) {
            return;
        }
        change(() -> {
            ShareRow share = Sql.first(
                            writer,
                            "select id, name from share where hash = ?",
                            row -> new ShareRow(row.getLong(1), row.getString(2)),
                            hash)
                    .orElseThrow();
            long id = Sql.first(writer, "select max(id) from entry", row -> row.getLong(1))
                    .orElse(0L);
            id = Math.max(id, FIRST_FILE);
            try (PreparedStatement entry = writer.prepareStatement(
                            "insert into entry (id, share, path, size_bytes) values (?, ?, ?, ?)");
                    PreparedStatement words =
                            writer.prepareStatement("insert into words (rowid, text) values (?, ?)")) {
                for (Line file : files) {
                    id++;
                    entry.setLong(1, id);
                    entry.setLong(2, share.id);
                    entry.setString(3, file.path());
                    entry.setLong(4, file.sizeBytes());
                    entry.executeUpdate();
                    words.setLong(1, id);
                    words.setString(2, share.name + "/" + file.path() + " " + ENDS + ending(file.path()));
                    words.executeUpdate();
                }
            }
            Sql.update(writer, "update share set with_files = 1 where id = ?", share.id);
        });
        withFiles.add(hash);
    }

    private record ShareRow(long id, String name) {}

    /** Forgets all but these. */
    public synchronized void retain(Set<InfoHash> wanted) {
        List<InfoHash> gone =
                shares.stream().filter(hash -> !wanted.contains(hash)).toList();
        if (gone.isEmpty()) {
            return;
        }
        change(() -> {
            for (InfoHash hash : gone) {
                Sql.update(
                        writer,
                        "delete from words where rowid in (select entry.id from entry join share on share.id = share where hash = ?)",
                        hash);
                Sql.update(writer, "delete from entry where share = (select id from share where hash = ?)", hash);
                Sql.update(writer, "delete from share where hash = ?", hash);
            }
        });
        shares.removeAll(gone);
        withFiles.removeAll(gone);
    }

    /**
     * Finds what has all of these words, or words that begin so.
     *
     * @param text whatever separates words in it
     * @param endings how a file's name may end, such as "mp3"; empty: as it likes, and shares are found, too
     * @param wanted what else it has to be
     * @return the first {@code limit}; none when there is no word in {@code text}
     */
    public List<Hit> find(String text, Set<String> endings, Predicate<Hit> wanted, int limit) {
        String query = NO_WORD.splitAsStream(text)
                .filter(word -> !word.isEmpty())
                .map(word -> '"' + word.toLowerCase(Locale.ROOT) + "\"*")
                .collect(Collectors.joining(" AND "));
        if (query.isEmpty()) {
            return List.of();
        }
        String ends = endings.stream()
                .map(ending -> '"' + ENDS + ending(ending) + '"')
                .collect(Collectors.joining(" OR "));
        return hits("words match ?", ends.isEmpty() ? query : query + " AND (" + ends + ")", wanted, limit);
    }

    /** In letters and digits alone, so that it is one word. */
    private static String ending(String path) {
        return NO_WORD.matcher(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                .replaceAll("");
    }

    /**
     * Finds that in whose path, the share's name included, {@code pattern} is found. Looks at every name there is.
     *
     * @throws bitween.model.UserException TIMED_OUT when that takes longer than {@code patience}
     */
    public List<Hit> find(Pattern pattern, Predicate<Hit> wanted, int limit, Duration patience) {
        TimedText.Deadline deadline = new TimedText.Deadline(patience);
        Predicate<Hit> fits = hit -> pattern.matcher(deadline.over(hit.isFile() ? hit.name + "/" + hit.path : hit.name))
                .find();
        return hits("? is null", null, fits.and(wanted), limit);
    }

    private List<Hit> hits(String where, @Nullable String argument, Predicate<Hit> wanted, int limit) {
        String from = argument == null ? "entry" : "words join entry on entry.id = words.rowid";
        String order = argument == null ? "entry.id" : "words.rowid";
        synchronized (reader) {
            try (PreparedStatement statement = reader.prepareStatement("select hash, name, path, size_bytes from "
                    + from + " join share on share.id = entry.share where " + where + " order by " + order)) {
                statement.setString(1, argument);
                List<Hit> hits = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (hits.size() < limit && row.next()) {
                        Hit hit = new Hit(
                                new InfoHash(row.getString(1)), row.getString(2), row.getString(3), row.getLong(4));
                        if (wanted.test(hit)) {
                            hits.add(hit);
                        }
                    }
                }
                return hits;
            } catch (SQLException e) {
                throw StoreFailure.of(file, e);
            }
        }
    }

    @FunctionalInterface
    private interface Change {
        void run() throws SQLException;
    }

    private void change(Change change) {
        try {
            Database.inTransaction(writer, "begin immediate", connection -> {
                change.run();
                return true;
            });
        } catch (SQLException e) {
            throw StoreFailure.of(file, e);
        }
    }

    @Override
    public synchronized void close() {
        synchronized (reader) {
            for (Connection connection : List.of(reader, writer)) {
                try {
                    connection.close();
                } catch (SQLException e) {
                    log.warn("the search index is not closed in order: {}", e.getMessage());
                }
            }
        }
    }
}
