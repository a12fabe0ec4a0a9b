package bitween.control.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this program is made of.
 *
 * @param libtorrent as the native library says, once it is loaded; before, as its build is called
 */
public record Versions(
        String bitween, String java, String libtorrent, String libtorrent4j, String smack, String sqlite) {

    /** By name, in the order in which people read them. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("bitween", bitween);
        map.put("java", java);
        map.put("libtorrent", libtorrent);
        map.put("libtorrent4j", libtorrent4j);
        map.put("smack", smack);
        map.put("sqlite", sqlite);
        return map;
    }
}
