package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.FileLists.FileEntry;
import bitween.control.FileLists.FileList;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrowseMethodsTest {
    private final World world = new World();

    @BeforeEach
    void friends() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC, World.PHOTOS);
        world.files.put(
                World.MUSIC.hash(),
                CompletableFuture.completedFuture(new FileList(
                        true,
                        List.of(
                                new FileEntry(List.of("cover.jpg"), 10),
                                new FileEntry(List.of("Live", "1.flac"), 100),
                                new FileEntry(List.of("Live", "Bonus", "2.flac"), 200)),
                        List.of(List.of("empty"), List.of("Live", "later")))));
    }

    @Test
    void without_a_path_the_friends_are_listed() {
        Map<String, @Nullable Object> answer = world.call("ls");

        assertThat(answer).containsOnlyKeys("kind", "friends").containsEntry("kind", "friends");
        assertThat(World.list(answer.get("friends")))
                .extracting(friend -> friend.get("jid") + " " + friend.get("shares"))
                .containsExactly("alice@example.org 2", "bob@example.org 0");
    }

    @Test
    void a_friends_shares_are_listed_with_where_they_are() {
        Map<String, @Nullable Object> answer = world.call("ls", "path", "alice/");

        assertThat(answer).containsOnlyKeys("kind", "friend", "shares").containsEntry("kind", "shares");
        assertThat(World.list(answer.get("shares")).get(0))
                .containsOnlyKeys(
                        "friend",
                        "name",
                        "hash",
                        "magnet",
                        "contentId",
                        "allowsReshare",
                        "revision",
                        "sizeBytes",
                        "files",
                        "online",
                        "fetched",
                        "devices")
                .containsEntry("name", "Music")
                .containsEntry("online", true)
                .containsEntry("fetched", "2026-03-01T11:00:00Z");
    }

    @Test
    void by_hash_a_share_of_several_friends_stands_once_with_all_who_have_it() {
        world.shares(World.BOBS_DESKTOP, "desktop", World.MUSIC);
        world.transfer(World.own(1, World.PHOTOS));

        List<Map<String, @Nullable Object>> all =
                World.list(world.call("hashes").get("shares"));
        List<Map<String, @Nullable Object>> bobs =
                World.list(world.call("hashes", "friend", "bob").get("shares"));

        assertThat(all)
                .extracting(share -> share.get("name") + " " + share.get("online") + " " + share.get("here"))
                .containsExactly("Music true false", "Photos true true");
        assertThat(World.list(all.get(0).get("holders")))
                .extracting(holder -> holder.get("jid") + " " + holder.get("online"))
                .containsExactly("alice@example.org true", "bob@example.org false");
        assertThat(bobs)
                .extracting(share -> share.get("hash"))
                .containsExactly(World.MUSIC.hash().hex());
        assertThat(all.get(0))
                .containsOnlyKeys(
                        "hash", "name", "magnet", "contentId", "sizeBytes", "files", "online", "here", "holders");
    }

    @Test
    void a_share_is_listed_one_level_at_a_time() {
        assertThat(entries("alice/Music", false))
                .containsExactly("Live folder 300 2", "cover.jpg file 10 null", "empty folder 0 0");
        assertThat(entries("alice/Music/Live", false))
                .containsExactly("1.flac file 100 null", "Bonus folder 200 1", "later folder 0 0");
        assertThat(entries("alice/Music/cover.jpg", false)).containsExactly("cover.jpg file 10 null");
    }

    @Test
    void deep_lists_all_that_is_below_with_paths() {
        Map<String, @Nullable Object> answer = world.call("ls", "path", "alice/Music/Live", "deep", true);

        assertThat(answer)
                .containsOnlyKeys("kind", "friend", "share", "path", "at", "entries", "more")
                .containsEntry("kind", "files")
                .containsEntry("path", List.of("Live"))
                .containsEntry("more", 0);
        assertThat(World.list(answer.get("entries")))
                .extracting(entry -> entry.get("path"))
                .containsExactly(
                        List.of("Live", "1.flac"),
                        List.of("Live", "Bonus"),
                        List.of("Live", "Bonus", "2.flac"),
                        List.of("Live", "later"));
    }

    @Test
    void a_path_that_is_not_there_is_helped_with() {
        assertThatThrownBy(() -> world.call("ls", "path", "alice/Music/Live/bonsu/x"))
                .isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PATH_MISSING);
                    assertThat(e.sentence()).isEqualTo("alice@example.org/Music has no 'Live/bonsu/x'");
                    assertThat(e.hint()).isEqualTo("did you mean 'Bonus'?");
                });
        assertThatThrownBy(() -> world.call("ls", "path", "alice/Music/Live/zzz"))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.hint()).isEqualTo("in 'Live' are '1.flac', 'Bonus', 'later'"));
    }

    @Test
    void a_huge_folder_is_cut_and_says_how_much_is_missing() {
        List<FileEntry> many = IntStream.range(0, BrowseMethods.MAX_ENTRIES + 5)
                .mapToObj(i -> new FileEntry(List.of("file " + i), 1))
                .toList();
        world.files.put(World.PHOTOS.hash(), CompletableFuture.completedFuture(new FileList(true, many, List.of())));

        Map<String, @Nullable Object> answer = world.call("ls", "path", "alice/Photos");

        assertThat(World.list(answer.get("entries"))).hasSize(BrowseMethods.MAX_ENTRIES);
        assertThat(answer).containsEntry("more", 5);
    }

    @Test
    void a_list_that_nobody_can_give_fails_with_the_reason() {
        world.files.put(
                World.PHOTOS.hash(),
                CompletableFuture.failedFuture(new UserException(ErrorCode.FRIEND_OFFLINE, "alice is away", "later")));

        assertThatThrownBy(() -> world.call("ls", "path", "alice/Photos")).hasMessage("alice is away");
    }

    private List<String> entries(String path, boolean deep) {
        return World.list(world.call("ls", "path", path, "deep", deep).get("entries")).stream()
                .map(entry -> entry.get("name") + " " + entry.get("kind") + " " + entry.get("sizeBytes") + " "
                        + entry.get("files"))
                .toList();
    }
}
