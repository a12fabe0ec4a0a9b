package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libtorrent4j.swig.alert;
import org.libtorrent4j.swig.alert_category_t;

class AlertsTest {
    @TempDir
    private static Path natives;

    @BeforeAll
    static void load() {
        NativeLibrary.load(natives);
    }

    @Test
    void every_type_that_the_mask_lets_through_is_mapped_or_ignored_for_a_reason() throws ReflectiveOperationException {
        var alerts = new Alerts(new Torrents(), new States(), new DiskBackend("posix", "test"), Clock.systemUTC());
        Map<Integer, String> let = let();

        assertThat(let).hasSizeGreaterThan(40).containsValue("torrent_checked_alert");
        assertThat(alerts.types()).containsExactlyInAnyOrderElementsOf(let.keySet());
    }

    /** libtorrent4j knows a type when it can cast to it. */
    private static Map<Integer, String> let() throws ReflectiveOperationException {
        Map<Integer, String> types = new TreeMap<>();
        for (Method method : alert.class.getMethods()) {
            if (method.getName().startsWith("cast_to_")) {
                Class<?> type = method.getReturnType();
                var category =
                        (alert_category_t) type.getField("static_category").get(null);
                if ((category.to_int() & SessionSettings.alertMask()) != 0) {
                    types.put(type.getField("alert_type").getInt(null), type.getSimpleName());
                }
            }
        }
        return types;
    }
}
