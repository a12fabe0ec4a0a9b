package bitween.store;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Brings the tables up to date: script n of {@code db/} takes the schema from version n-1 to n. */
final class Schema {
    /** The files in {@code db/}, in order; a test compares. */
    static final List<String> NAMES = List.of(
            "001_first.sql",
            "002_grants.sql",
            "003_device_keys.sql",
            "004_helping.sql",
            "005_rates.sql",
            "006_lists_by_hash.sql",
            "007_removed.sql",
            "008_trees.sql",
            "009_absence.sql",
            "010_hashing.sql",
            "011_removal.sql",
            "012_stamps.sql",
            "013_moves.sql",
            "014_folder_marks.sql",
            "015_choices.sql",
            "016_priority.sql",
            "017_got.sql",
            "018_wants.sql",
            "019_revisions.sql",
            "020_successions.sql",
            "021_live.sql",
            "022_follows.sql",
            "023_paused_friends.sql",
            "024_transfer_rates.sql",
            "025_unavailable.sql",
            "026_file_priorities.sql",
            "027_kept_revisions.sql",
            "028_predecessors.sql",
            "029_piece_length.sql",
            "030_send.sql");

    private Schema() {}

    /** @return the SQL of each script */
    static List<String> scripts() {
        return NAMES.stream().map(Schema::script).toList();
    }

    /**
     * Runs the scripts that the file has not seen, each in a transaction of its own together with its number.
     *
     * @throws UserException NEWER_HOME when the file has seen more than {@code scripts}; it is left as it was
     */
    static void upgrade(Connection connection, List<String> scripts) throws SQLException {
        for (int version = version(connection); version != scripts.size(); version++) {
            if (version > scripts.size()) {
                throw new UserException(
                        ErrorCode.NEWER_HOME,
                        "the database has schema " + version + ", newer than this bitween's " + scripts.size(),
                        "upgrade bitween, or point --home elsewhere");
            }
            String script = scripts.get(version);
            int next = version + 1;
            Database.inTransaction(connection, "begin immediate", c -> {
                if (version(c) < next) { // else another process was quicker
                    Database.execute(c, script);
                    Database.execute(c, "pragma user_version = " + next);
                }
                return next;
            });
        }
    }

    static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("pragma user_version")) {
            return result.getInt(1);
        }
    }

    private static String script(String name) {
        try (InputStream in = Schema.class.getResourceAsStream("/bitween/db/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: no bitween/db/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("bitween/db/" + name, e);
        }
    }
}
