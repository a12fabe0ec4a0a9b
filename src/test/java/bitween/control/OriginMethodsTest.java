package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OriginMethodsTest {
    private static final String SHA256 = "0a".repeat(32);

    private final World world = new World();

    @BeforeEach
    void one_file() {
        byte[] digest = new byte[32];
        java.util.Arrays.fill(digest, (byte) 10);
        world.origins.add(new Origins.Origin(
                World.MUSIC.hash(),
                "Music",
                Path.of("/d/Music/1.flac"),
                List.of("1.flac"),
                7,
                Bytes.of(digest),
                World.NOW,
                Map.of(World.ALICES_LAPTOP, "laptop")));
    }

    @Test
    void a_file_is_found_where_it_stood() {
        Map<String, @Nullable Object> answer = world.call("origin", "path", "/d/Music/1.flac");

        assertThat(answer).containsEntry("moved", false);
        assertThat(World.list(answer.get("origins")).get(0))
                .containsExactly(
                        Map.entry("share", "Music"),
                        Map.entry("hash", World.MUSIC.hash().hex()),
                        Map.entry("path", List.of("1.flac")),
                        Map.entry("place", "/d/Music/1.flac"),
                        Map.entry("sizeBytes", 7L),
                        Map.entry("sha256", SHA256),
                        Map.entry("finished", World.NOW.toString()),
                        Map.entry(
                                "from",
                                List.of(Map.of("jid", "alice@example.org", "id", "r-laptop", "name", "laptop"))));
    }

    @Test
    void a_file_that_was_moved_is_found_by_what_is_in_it() {
        assertThat(world.call("origin", "path", "/x", "sha256", SHA256)).containsEntry("moved", true);
    }

    @Test
    void what_is_unknown_is_said_to_be_so() {
        fails(ErrorCode.UNKNOWN_FILE, "nobody knows where /x came from", "path", "/x");
        fails(ErrorCode.UNKNOWN_FILE, "nobody knows where /x came from", "path", "/x", "sha256", "0b".repeat(32));
        fails(ErrorCode.BAD_HASH, "a SHA-256 is 64 lower-case hex digits", "path", "/x", "sha256", "0B");
        fails(ErrorCode.BAD_ARGUMENT, "", "path", "x");
    }

    private void fails(ErrorCode code, String sentence, Object... params) {
        assertThatThrownBy(() -> world.call("origin", params))
                .hasMessageContaining(sentence)
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
