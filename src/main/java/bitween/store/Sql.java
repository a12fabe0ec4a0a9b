package bitween.store;

import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements with their arguments, in one line. Thread: whoever owns the connection. */
final class Sql {
    private Sql() {}

    /** Reads the row on which {@code result} stands. IllegalArgumentException: the row is no such value. */
    @FunctionalInterface
    interface Row<T> {
        T of(ResultSet result) throws SQLException;
    }

    /** What a row says cannot be: somebody else wrote it, or it is damaged. */
    static final class SenselessRowException extends SQLException {
        private static final long serialVersionUID = 1L;

        SenselessRowException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @return how many rows it changed */
    static int update(Connection connection, String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, arguments);
            return statement.executeUpdate();
        }
    }

    static <T> List<T> rows(Connection connection, String sql, Row<T> row, @Nullable Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, arguments);
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(row.of(result));
                }
            } catch (IllegalArgumentException e) {
                throw new SenselessRowException("row " + (rows.size() + 1) + " of \"" + sql + "\" makes no sense", e);
            }
            return rows;
        }
    }

    static <T> Optional<T> first(Connection connection, String sql, Row<T> row, @Nullable Object... arguments)
            throws SQLException {
        return rows(connection, sql, row, arguments).stream().findFirst();
    }

    static Instant instant(ResultSet result, String column) throws SQLException {
        return Instant.ofEpochMilli(result.getLong(column));
    }

    static Jid jid(ResultSet result, String column) throws SQLException {
        return new Jid(result.getString(column));
    }

    static Bytes bytes(ResultSet result) throws SQLException {
        return Bytes.of(result.getBytes(1));
    }

    private static void bind(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, column(arguments[i]));
        }
    }

    private static @Nullable Object column(@Nullable Object argument) {
        if (argument == null || argument instanceof String || argument instanceof Long || argument instanceof Integer) {
            return argument;
        }
        if (argument instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        if (argument instanceof Bytes bytes) {
            return bytes.toArray();
        }
        if (argument instanceof Path
                || argument instanceof Jid
                || argument instanceof DeviceId
                || argument instanceof InfoHash
                || argument instanceof ContentId) {
            return argument.toString();
        }
        if (argument instanceof Enum<?> constant) {
            return constant.name();
        }
        throw new IllegalArgumentException("no column takes a " + argument.getClass());
    }
}
