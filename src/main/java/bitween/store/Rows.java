package bitween.store;

import java.sql.Connection;
import java.sql.SQLException;

/** The rows without which a daemon cannot live. Thread: whoever owns the connection. */
final class Rows {
    private Rows() {}

    /** @throws SQLException when one makes no sense: its message says which */
    static void requireReadable(Connection connection) throws SQLException {
        if (Sql.first(connection, "select 1 from sqlite_schema where name = 'transfer'", row -> true)
                .isEmpty()) {
            return; // of a test
        }
        Sql.rows(connection, TransferRows.SELECT, TransferRows::stored);
        Sql.rows(connection, TrustStore.PINS, TrustStore::pin);
        Sql.rows(connection, TrustStore.CONFIRMED, row -> Sql.jid(row, "jid"));
        Sql.rows(connection, FriendStore.BLOCKED, row -> Sql.jid(row, "jid"));
        Sql.rows(connection, FriendStore.REQUESTS, row -> Sql.jid(row, "jid"));
        Sql.rows(connection, FriendStore.CONTACTS, row -> Sql.jid(row, "jid"));
        Sql.rows(connection, FriendStore.DEVICES, FriendStore::device);
        Sql.rows(connection, RateStore.LIMITS, RateStore::limit);
        Sql.rows(connection, WantStore.WANTS, WantStore::want);
    }
}
