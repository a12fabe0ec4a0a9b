package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.Finder.Found;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindMethodsTest {
    private final World world = new World();

    @BeforeEach
    void friends() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.shares(World.BOBS_DESKTOP, "desktop", World.MUSIC, World.PHOTOS);
        world.names.add(new Found(World.MUSIC.hash(), "Music", "", 64_000_000));
        world.names.add(new Found(World.MUSIC.hash(), "Music", "Live/one.FLAC", 600));
        world.names.add(new Found(World.MUSIC.hash(), "Music", "Live/cover.jpg", 40));
        world.names.add(new Found(World.PHOTOS.hash(), "Photos", "", 1_000));
        world.names.add(new Found(World.PHOTOS.hash(), "Photos", "music.jpg", 70));
        world.names.add(new Found(new InfoHash("f".repeat(40)), "Music of somebody who is gone", "", 1));
    }

    @Test
    void what_is_found_says_who_has_it_and_whether_it_is_here() {
        world.transfer(World.own(1, World.PHOTOS));

        List<Map<String, @Nullable Object>> found = found("words", "music");

        assertThat(found).hasSize(4);
        assertThat(found.get(0))
                .containsOnlyKeys("kind", "share", "path", "sizeBytes", "hash", "online", "here", "holders")
                .containsEntry("kind", "share")
                .containsEntry("share", "Music")
                .containsEntry("online", true)
                .containsEntry("here", false);
        assertThat(World.list(found.get(0).get("holders")))
                .extracting(holder -> holder.get("name"))
                .containsExactly("laptop", "desktop");
        assertThat(found.get(3))
                .containsEntry("kind", "file")
                .containsEntry("path", "music.jpg")
                .containsEntry("online", false)
                .containsEntry("here", true);
    }

    @ParameterizedTest
    @CsvSource({
        "type, audio, Live/one.FLAC",
        "type, image, Live/cover.jpg music.jpg",
        "type, video, ''",
        "from, bob, Live/one.FLAC Live/cover.jpg music.jpg",
        "from, alice, Live/one.FLAC Live/cover.jpg"
    })
    void kinds_and_friends_narrow_it(String key, String value, String paths) {
        assertThat(found("words", "music", key, value))
                .extracting(one -> String.valueOf(one.get("path")))
                .filteredOn(path -> !path.isEmpty())
                .containsExactly(paths.isEmpty() ? new String[0] : paths.split(" "));
    }

    @Test
    void shares_or_files_alone_by_size_or_only_what_can_be_had_now() {
        assertThat(found("words", "music", "type", "share")).hasSize(1);
        assertThat(found("words", "music", "type", "file", "leastBytes", 60, "mostBytes", 600))
                .hasSize(2);
        assertThat(found("words", "photos", "online", true)).isEmpty();
        assertThat(found("words", "photos")).hasSize(2);
    }

    @Test
    void more_than_the_limit_is_said_to_be_there() {
        assertThat(world.call("find", "words", "music", "limit", 3)).containsEntry("more", true);
        assertThat(world.call("find", "words", "music", "limit", 4)).containsEntry("more", false);
        assertThat(found("words", "music", "limit", 3)).hasSize(3);
    }

    @Test
    void a_regular_expression_is_one_only_when_it_is_said_to_be() {
        assertThat(found("words", "^music/live/.*c$", "regex", true)).hasSize(1);
        assertThat(found("words", "^music/live/.*c$")).isEmpty();
        assertRefused("(", "words", "(", "regex", true);
    }

    @Test
    void a_type_or_a_friend_that_there_is_none_of_is_named() {
        assertRefused("there is no type 'musik'", "words", "x", "type", "musik");
        assertThatThrownBy(() -> world.call("find", "words", "x", "from", "nobody"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND));
    }

    private void assertRefused(String part, Object... params) {
        assertThatThrownBy(() -> world.call("find", params))
                .hasMessageContaining(part)
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
    }

    private List<Map<String, @Nullable Object>> found(Object... params) {
        return World.list(world.call("find", params).get("found"));
    }
}
