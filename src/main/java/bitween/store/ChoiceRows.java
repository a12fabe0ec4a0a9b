package bitween.store;

import bitween.model.Choice;
import bitween.model.TransferId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What jobs get of shares. */
final class ChoiceRows {
    private ChoiceRows() {}

    /** Writes nothing when it is as it was, as it nearly always is. Without effect for a job that is not there. */
    static void save(Connection connection, TransferId job, List<Choice> choices) throws SQLException {
        List<Choice> before = Sql.rows(
                connection,
                "select below, pattern from choice where job = ? order by position",
                row -> new Choice(row.getString(1), row.getString(2)),
                job.value());
        if (before.equals(choices)) {
            return;
        }
        Sql.update(connection, "delete from choice where job = ?", job.value());
        int position = 0;
        for (Choice choice : choices) {
            Sql.update(
                    connection,
                    "insert into choice (job, position, below, pattern) select id, ?, ?, ? from transfer where id = ?",
                    position++,
                    choice.below(),
                    choice.pattern(),
                    job.value());
        }
    }
}
