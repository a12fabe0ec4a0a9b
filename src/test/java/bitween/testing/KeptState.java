package bitween.testing;

import bitween.config.Home;
import bitween.link.DeviceKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    /** Where what {@code place} names is in a copy of the disk. */
    public static Path in(Path copy, Path disk, String place) {
        return copy.resolve(disk.relativize(Path.of(place)));
    }
}
