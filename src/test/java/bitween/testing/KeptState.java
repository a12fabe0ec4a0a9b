package bitween.testing;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.config.Home;
import bitween.link.DeviceKey;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.torrent.format.MetadataValidator;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a home keeps of what was promised, as {@link Promises} has it; read beside a daemon, or without one. */
public final class KeptState {
    private static final String SHARES = """
            select 'share ' || place || ': ' || key, value from (
                select place, 'kept' as key, 'yes' as value from transfer where kind = 'SHARE'
                union all select place, 'hash', hash from transfer where kind = 'SHARE'
                union all select place, 'failed', failure_code || ' ' || failure_reason from transfer where kind = 'SHARE'
                union all select place, 'audience', group_concat(grantee) from
                    (select place, grantee from transfer join share_grant on share = id where kind = 'SHARE' order by place, grantee)
                    group by place)
            where value is not null""";
    private static final String JOBS = """
            select 'job ' || hash || ': ' || key, value from (
                select hash, 'kept' as key, 'yes' as value from transfer where kind = 'JOB'
                union all select hash, 'failed', failure_code || ' ' || failure_reason from transfer where kind = 'JOB' and state = 'FAILED'
                union all select hash, 'complete', place from transfer where kind = 'JOB' and state = 'COMPLETE')
            where value is not null""";
    private static final String FRIENDS = """
            select 'friend ' || jid || ': limit', down_bytes_per_second || '/' || up_bytes_per_second from friend_rate
            union all select 'friend ' || jid || ': device ' || device, trust from device_key""";

    private KeptState() {}

    public static Map<String, String> of(Home home) throws SQLException {
        Map<String, String> found = new TreeMap<>();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + home.database())) {
            for (String query : new String[] {SHARES, JOBS, FRIENDS}) {
                try (ResultSet rows = database.createStatement().executeQuery(query)) {
                    while (rows.next()) {
                        found.put(rows.getString(1), rows.getString(2));
                    }
                }
            }
        }
        found.put(
                "device key: fingerprint",
                DeviceKey.open(home.deviceKey()).fingerprint().groups());
        return found;
    }

    /** The copies of shares and jobs beside the database that are not whole; while no daemon runs. */
    public static List<Path> damagedCopies(Home home) throws IOException {
        List<Path> damaged = new ArrayList<>();
        try (DirectoryStream<Path> copies =
                Files.newDirectoryStream(home.database().resolveSibling("torrents"), "*.torrent")) {
            for (Path copy : copies) {
                InfoHash hash = new InfoHash(String.valueOf(copy.getFileName()).replaceFirst("\\.torrent$", ""));
                if (!isWhole(Bytes.of(Files.readAllBytes(copy)), hash)) {
                    damaged.add(copy);
                }
            }
        }
        return damaged;
    }

    private static boolean isWhole(Bytes copy, InfoHash hash) {
        try {
            BencodeReader reader = BencodeReader.of(copy, copy.size(), copy.size());
            reader.beginDictionary();
            while (!reader.key().equals("info")) {
                reader.skip();
            }
            Bytes info = reader.raw();
            reader.end();
            reader.finish();
            return MetadataValidator.isOf(info, hash);
        } catch (BencodeException e) {
            return false;
        }
    }

    /** Where what {@code place} names is in a copy of the disk. */
    public static Path in(Path copy, Path disk, String place) {
        return copy.resolve(disk.relativize(Path.of(place)));
    }
}
