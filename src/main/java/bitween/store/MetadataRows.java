package bitween.store;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Info dictionaries, digests and stamps, by info-hash. */
final class MetadataRows {
    private MetadataRows() {}

    static Map<InfoHash, Bytes> metadata(Connection connection, List<InfoHash> hashes, long limitBytes)
            throws SQLException {
        Map<InfoHash, Bytes> found = new HashMap<>();
        long bytes = 0;
        try (PreparedStatement statement = connection.prepareStatement("select info from metadata where hash = ?")) {
            for (InfoHash hash : hashes) {
                if (bytes >= limitBytes) {
                    break;
                }
                statement.setString(1, hash.hex());
                try (ResultSet result = statement.executeQuery()) {
                    if (result.next()) {
                        Bytes info = Sql.bytes(result);
                        found.put(hash, info);
                        bytes += info.size();
                    }
                }
            }
        }
        return found;
    }

    static Map<InfoHash, Bytes> stamps(Connection connection, Set<InfoHash> hashes) throws SQLException {
        Map<InfoHash, Bytes> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("select stamps from stamps where hash = ?")) {
            for (InfoHash hash : hashes) {
                statement.setString(1, hash.hex());
                try (ResultSet result = statement.executeQuery()) {
                    if (result.next()) {
                        found.put(hash, Sql.bytes(result));
                    }
                }
            }
        }
        return found;
    }

    static void saveMetadata(Connection connection, InfoHash hash, Bytes info, Instant now) throws SQLException {
        Sql.update(connection, """
                insert into metadata (hash, info, fetched_ms) values (?, ?, ?)
                on conflict (hash) do update set info = excluded.info, fetched_ms = excluded.fetched_ms""", hash, info, now);
    }

    static void saveDigests(Connection connection, InfoHash hash, Bytes digests, Instant now) throws SQLException {
        Sql.update(connection, """
                insert into digests (hash, sha256s, fetched_ms) values (?, ?, ?)
                on conflict (hash) do update set sha256s = excluded.sha256s, fetched_ms = excluded.fetched_ms""", hash, digests, now);
    }

    static void saveStamps(Connection connection, InfoHash hash, Bytes stamps) throws SQLException {
        Sql.update(connection, """
                insert into stamps (hash, stamps) select hash, ? from transfer where hash = ?
                on conflict (hash) do update set stamps = excluded.stamps""", stamps, hash);
    }

    /** Of what belongs to no transfer, keeps what was fetched last, up to the limit. */
    static void prune(Connection connection, long limitBytes) throws SQLException {
        for (String tableAndBlob : List.of("metadata.info", "digests.sha256s")) {
            String table = tableAndBlob.substring(0, tableAndBlob.indexOf('.'));
            Sql.update(connection, """
                    delete from %1$s where hash in (
                        select hash from (
                            select hash, sum(length(%2$s)) over (order by fetched_ms desc, rowid desc) as newer_bytes
                            from %1$s where hash not in (select hash from transfer where hash is not null))
                        where newer_bytes > ?)""".formatted(table, tableAndBlob), limitBytes);
        }
    }
}
