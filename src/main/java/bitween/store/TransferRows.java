package bitween.store;

import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ContentId;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.FilePriority;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Priority;
import bitween.model.RateLimit;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes transfers of rows. IllegalArgumentException: the row is none. */
final class TransferRows {
    static final String SELECT = """
            select *,
                (select group_concat(grantee, char(10)) from share_grant where share = transfer.id) as grantees,
                (select group_concat(below || char(9) || pattern, char(10))
                    from (select * from choice where job = transfer.id order by position)) as choices,
                exists (select 1 from metadata where metadata.hash = transfer.hash) as has_metadata,
                exists (select 1 from resume where resume.hash = transfer.hash) as has_resume,
                (select group_concat(number || ' ' || hash, char(10)) from
                    (select * from kept_revision as kept where kept.share = transfer.id and kept.hash <> transfer.hash
                        order by number desc)) as kept
            from transfer""";

    private TransferRows() {}

    static StoredTransfer stored(ResultSet row) throws SQLException {
        String hashText = row.getString("hash");
        InfoHash hash = hashText == null ? null : new InfoHash(hashText);
        var transfer = new Transfer(
                new TransferId(row.getLong("id")),
                Transfer.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                Path.of(row.getString("place")),
                TransferState.valueOf(row.getString("state")),
                hash,
                share(row, hash),
                failure(row),
                Sql.instant(row, "since_ms"),
                finished(row),
                audience(row.getString("grantees")),
                selection(row),
                Priority.valueOf(row.getString("priority")),
                ShareMode.valueOf(row.getString("mode")),
                new RateLimit(row.getLong("down_bytes_per_second"), row.getLong("up_bytes_per_second")),
                filePriorities(row.getString("file_priorities")));
        return new StoredTransfer(
                transfer,
                path(row.getString("directory")),
                path(row.getString("staging")),
                row.getString("folder_mark"),
                row.getString("magnet"),
                row.getLong("uploaded_bytes"),
                row.getBoolean("has_metadata"),
                row.getBoolean("has_resume"));
    }

    private static @Nullable Share share(ResultSet row, @Nullable InfoHash hash) throws SQLException {
        String name = row.getString("share_name");
        if (name == null || hash == null) {
            return null;
        }
        return new Share(
                name,
                hash,
                new ContentId(row.getString("content_id")),
                row.getLong("size_bytes"),
                row.getInt("files"),
                row.getBoolean("reshare"),
                row.getInt("revision"),
                false,
                kept(row.getString("kept")),
                row.getBoolean("sent"));
    }

    /** @param kept number and hash, one a line; null: none */
    private static List<Former> kept(@Nullable String kept) {
        return kept == null ? List.of() : kept.lines().map(TransferRows::former).toList();
    }

    private static Former former(String line) {
        int space = line.indexOf(' ');
        return new Former(Integer.parseInt(line.substring(0, space)), new InfoHash(line.substring(space + 1)));
    }

    private static @Nullable Selection selection(ResultSet row) throws SQLException {
        String choices = row.getString("choices");
        if (choices == null) {
            return null;
        }
        byte[] here = row.getBytes("here");
        return new Selection(
                choices.lines().map(TransferRows::choice).toList(),
                here == null ? Bytes.EMPTY : Bytes.of(here),
                row.getInt("chosen_files"),
                row.getLong("chosen_bytes"));
    }

    /** @param lines a priority, a path and a pattern each; null: none */
    private static List<FilePriority> filePriorities(@Nullable String lines) {
        return lines == null
                ? List.of()
                : lines.lines()
                        .map(line -> new FilePriority(
                                choice(line.substring(line.indexOf('\t') + 1)),
                                Priority.valueOf(line.substring(0, line.indexOf('\t')))))
                        .toList();
    }

    static @Nullable String text(List<FilePriority> priorities) {
        return priorities.isEmpty()
                ? null
                : priorities.stream()
                        .map(rule -> rule.priority() + "\t" + rule.what().below() + "\t"
                                + rule.what().pattern())
                        .collect(Collectors.joining("\n"));
    }

    /** Neither half has a control character. */
    private static Choice choice(String line) {
        int tab = line.indexOf('\t');
        return new Choice(line.substring(0, tab), line.substring(tab + 1));
    }

    private static @Nullable Failure failure(ResultSet row) throws SQLException {
        String code = row.getString("failure_code");
        return code == null
                ? null
                : new Failure(
                        ErrorCode.valueOf(code),
                        row.getString("failure_reason"),
                        row.getString("failure_hint"),
                        Sql.instant(row, "failure_since_ms"));
    }

    private static @Nullable Instant finished(ResultSet row) throws SQLException {
        Instant finished = Sql.instant(row, "finished_ms");
        return row.wasNull() ? null : finished;
    }

    /** @param grantees one a line; null: none */
    private static Audience audience(@Nullable String grantees) {
        return grantees == null
                ? Audience.NOBODY
                : Audience.parse(grantees.lines().toList());
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }
}
