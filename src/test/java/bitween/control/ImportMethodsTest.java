package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.OriginalTorrents.OriginalTorrent;
import bitween.control.OriginalTorrents.State;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImportMethodsTest {
    private final World world = new World();

    @Test
    void what_the_first_bitween_kept_is_listed_and_nothing_is_done_with_it() {
        List<Path> read = new ArrayList<>();
        world.originals = database -> {
            read.add(database);
            return List.of(
                    new OriginalTorrent(World.hash('a'), "my music", Path.of("/srv/my music"), State.HERE, ""),
                    new OriginalTorrent(null, "..", null, State.REFUSED, "its name is no name"));
        };

        Map<String, @Nullable Object> answer = world.call("import.read", "path", "/home/me/.bitween.db");

        assertThat(read).containsExactly(Path.of("/home/me/.bitween.db"));
        Map<String, @Nullable Object> refused = new HashMap<>();
        refused.put("hash", null);
        refused.put("magnet", null);
        refused.put("name", "..");
        refused.put("place", null);
        refused.put("state", "REFUSED");
        refused.put("problem", "its name is no name");
        assertThat(World.list(answer.get("torrents")))
                .containsExactly(
                        Map.of(
                                "hash",
                                World.hash('a').hex(),
                                "magnet",
                                "magnet:?xt=urn:btih:" + World.hash('a') + "&dn=my%20music",
                                "name",
                                "my music",
                                "place",
                                "/srv/my music",
                                "state",
                                "HERE",
                                "problem",
                                ""),
                        refused);
        assertThat(world.asked).isEmpty();
    }

    @Test
    void a_relative_path_is_refused_because_the_daemon_stands_elsewhere() {
        assertThatThrownBy(() -> world.call("import.read", "path", ".bitween.db"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
    }
}
