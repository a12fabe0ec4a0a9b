package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.FileLists.FileEntry;
import bitween.control.FileLists.FileList;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompletionMethodsTest {
    private static final Share SONG = World.share("A song.flac", 'c', 7, 1);

    private final World world = new World();

    @BeforeEach
    void friends_and_transfers() {
        world.roster(
                new RosterEntry(World.ALICE, null, RosterEntry.Subscription.BOTH, false, Set.of("Family", "My band")),
                World.friend(World.BOB),
                World.friend(new Jid("bob@example.net")));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC, World.PHOTOS, SONG);
        world.files.put(
                World.MUSIC.hash(),
                CompletableFuture.completedFuture(new FileList(
                        true,
                        List.of(new FileEntry(List.of("cover.jpg"), 10), new FileEntry(List.of("Live", "1.flac"), 100)),
                        List.of())));
        world.transfer(World.own(1, World.PHOTOS));
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        world.transfer(World.job(3, SONG, TransferState.DOWNLOADING));
    }

    private List<?> complete(String kind, String text) {
        Object candidates = world.call("complete", "kind", kind, "text", text).get("candidates");
        return (List<?>) Objects.requireNonNull(candidates);
    }

    @Test
    void own_names_are_those_of_the_kind_that_is_wanted() {
        assertThat(complete("SHARE", "")).isEqualTo(List.of("Photos"));
        assertThat(complete("JOB", "")).isEqualTo(List.of("A song.flac", "Music"));
        assertThat(complete("JOB", "M")).isEqualTo(List.of("Music"));
        assertThat(complete("TRANSFER", "")).isEqualTo(List.of("A song.flac", "Music", "Photos"));
        assertThat(complete("JOB", "#")).isEqualTo(List.of("#2", "#3"));
    }

    @Test
    void of_two_with_one_name_each_is_offered_by_its_number() {
        world.transfer(World.job(4, World.share("Music", 'd', 8, 1), TransferState.DOWNLOADING));

        assertThat(complete("JOB", "")).isEqualTo(List.of("#2", "#4", "A song.flac"));
    }

    @Test
    void friends_are_offered_by_the_shortest_name_that_is_enough() {
        assertThat(complete("FRIEND", "")).isEqualTo(List.of("alice", "bob@example.net", "bob@example.org"));
        assertThat(complete("FRIEND", "alice@")).isEqualTo(List.of("alice@example.org"));
        assertThat(complete("WHO", ""))
                .isEqualTo(List.of("everyone", "@Family", "@My band", "alice", "bob@example.net", "bob@example.org"));
        assertThat(complete("WHO", "@M")).isEqualTo(List.of("@My band"));
        assertThat(complete("LIMITED", "al")).isEqualTo(List.of("alice"));
        assertThat(complete("LIMITED", "Mu")).isEqualTo(List.of("Music"));
        assertThat(complete("BLOCKED", "")).isEqualTo(List.of());
        assertThat(complete("ASKING", "")).isEqualTo(List.of());
    }

    @Test
    void what_friends_have_is_walked_through_as_folders_are() {
        assertThat(complete("REMOTE", "al")).isEqualTo(List.of("alice/"));
        assertThat(complete("REMOTE", "alice/"))
                .isEqualTo(List.of("alice/A song.flac", "alice/Music/", "alice/Photos/"));
        assertThat(complete("REMOTE", "alice@example.org/mu")).isEqualTo(List.of("alice@example.org/Music/"));
        assertThat(complete("REMOTE", "alice/Music/")).isEqualTo(List.of("alice/Music/Live/", "alice/Music/cover.jpg"));
        assertThat(complete("REMOTE", "alice/Music/Live/")).isEqualTo(List.of("alice/Music/Live/1.flac"));
    }

    @Test
    void what_is_not_there_or_not_known_in_time_is_no_error() {
        assertThat(complete("REMOTE", "/")).isEqualTo(List.of());
        assertThat(complete("REMOTE", "carol/")).isEqualTo(List.of());
        assertThat(complete("REMOTE", "alice/None/")).isEqualTo(List.of());
        assertThat(complete("REMOTE", "alice/Music/None/")).isEqualTo(List.of());
        assertThat(complete("REMOTE", "alice/Photos/")).as("nobody answers").isEqualTo(List.of());
    }

    @Test
    void there_are_never_more_than_anybody_reads() {
        IntStream.range(100, 800)
                .forEach(i ->
                        world.transfer(World.job(i, World.share("Many " + i, 'e', 8, 1), TransferState.DOWNLOADING)));

        assertThat(complete("JOB", "Many")).hasSize(500);
    }

    @Test
    void a_kind_that_is_none_is_refused() {
        assertThatThrownBy(() -> complete("FISH", "")).isInstanceOf(UserException.class);
    }
}
