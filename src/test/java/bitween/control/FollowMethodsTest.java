package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bitween.message.FollowRequest.AddFollow;
import bitween.message.FollowRequest.RemoveFollow;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.Followed.State;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowMethodsTest {
    private static final Path MNT = Path.of("/mnt");

    private final World world = new World();

    @BeforeEach
    void alice_shares() {
        world.roster(World.friend(World.ALICE));
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC, World.PHOTOS);
        world.answer(AddFollow.class, request -> new Followed(request.follow(), State.WAITING, null, null, null, null));
        world.answer(RemoveFollow.class, request -> follow("Music", false));
    }

    @Test
    void a_message_tells_of_it_where_the_configuration_says_so_unless_the_user_does() {
        world.usualNotify = true;

        world.call("follow.add", "ref", "alice/music");
        world.call("follow.add", "ref", "alice/music", "notify", false);
        world.usualNotify = false;
        world.call("follow.add", "ref", "alice/music");

        assertThat(world.asked.stream()
                        .map(request -> ((AddFollow) request).follow().notifies()))
                .containsExactly(true, false, false);
    }

    @Test
    void a_follow_is_named_as_the_friend_spells_it() {
        Map<String, ?> view = world.call(
                "follow.add",
                "ref",
                "alice/mUSIC",
                "auto",
                true,
                "only",
                List.of("*.flac"),
                "maxBytes",
                5_000,
                "to",
                "/mnt");

        assertThat(world.asked)
                .containsExactly(new AddFollow(new Follow(
                        0,
                        World.ALICE,
                        "Music",
                        true,
                        false,
                        List.of(new Choice("", "*.flac")),
                        5_000L,
                        false,
                        false,
                        Path.of("/mnt"),
                        World.NOW)));
        assertThat(view.keySet())
                .containsExactly(
                        "title",
                        "jid",
                        "share",
                        "auto",
                        "newOnly",
                        "only",
                        "maxBytes",
                        "mirror",
                        "notify",
                        "to",
                        "since",
                        "state",
                        "reason",
                        "online",
                        "offered",
                        "near",
                        "newest",
                        "transfer");
    }

    @Test
    void what_nobody_shares_yet_is_followed_as_it_was_typed() {
        assertThat(world.call("follow.add", "ref", "alice/Gardening"))
                .containsEntry("share", "Gardening")
                .containsEntry("near", List.of());
    }

    @Test
    void what_may_have_been_meant_is_told_with_it() {
        assertThat(world.call("follow.add", "ref", "alice/Musik"))
                .containsEntry("share", "Musik")
                .containsEntry("offered", false)
                .containsEntry("near", List.of("Music"));
        assertThat(world.call("follow.add", "ref", "alice/Music"))
                .containsEntry("offered", true)
                .containsEntry("near", List.of());
    }

    @Test
    void who_leaves_the_friend_out_is_told_who_shares_it() {
        assertThat(failure("follow.add", "ref", "Musik").hint()).isEqualTo("did you mean 'alice/Music'?");
        assertThat(failure("follow.add", "ref", "xyz").hint()).startsWith("it is FRIEND/SHARE");
    }

    @Test
    void what_is_shared_no_longer_is_told_as_such() {
        assertThat(world.call("follow.add", "ref", "alice/Music")).containsEntry("offered", true);
        world.shares(World.ALICES_LAPTOP, "laptop", World.PHOTOS);
        assertThat(world.call("follow.add", "ref", "alice/Music"))
                .containsEntry("offered", false)
                .containsEntry("near", List.of());
    }

    @Test
    void who_or_what_is_meant_has_to_be_clear() {
        assertThat(failure("follow.add", "ref", "carol/Music").code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND);
        assertThat(failure("follow.add", "ref", "alice").code()).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(failure("follow.add", "ref", "alice/Music/one").code()).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(failure("follow.add", "ref", "alice/Music", "only", List.of("/"))
                        .code())
                .isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    @Test
    void what_is_followed_no_longer_is_named_as_it_was_followed() {
        world.follows.add(new Followed(follow("Music", true), State.READY, World.MUSIC, null, null, null));

        world.call("follow.rm", "ref", "alice/music");

        assertThat(world.asked).containsExactly(new RemoveFollow(World.ALICE, "Music"));
        assertThat(failure("follow.rm", "ref", "alice/Musik"))
                .hasMessageContaining("you do not follow 'alice/Musik'")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FOLLOW));
    }

    @Test
    void what_is_got_of_something_followed_takes_the_place_of_the_revision_before() {
        world.answer(FetchShare.class, request -> told(request.hash()));
        world.transfer(World.job(7, World.share("Music", 'd', 1, 1), TransferState.COMPLETE));
        world.follows.add(new Followed(follow("Music", true), State.FOUND, World.MUSIC, null, new TransferId(7), null));

        world.call("job.get", "ref", "alice/Music");
        world.call("job.get", "ref", "alice/Photos");

        assertThat(world.asked)
                .containsExactly(
                        new FetchShare(
                                World.MUSIC.hash(),
                                "Music",
                                null,
                                Audience.NOBODY,
                                List.of(),
                                new Basis(new TransferId(7), true)),
                        new FetchShare(World.PHOTOS.hash(), "Photos", null, Audience.NOBODY));
    }

    @Test
    void what_is_got_of_something_followed_goes_where_that_is_to_go_unless_another_folder_is_named() {
        world.answer(FetchShare.class, request -> told(request.hash()));
        Follow follow =
                new Follow(1, World.ALICE, "Music", false, false, List.of(), null, false, false, MNT, World.NOW);
        world.follows.add(new Followed(follow, State.FOUND, World.MUSIC, null, null, null));

        world.call("job.get", "ref", "alice/Music");
        world.call("job.get", "ref", "alice/Music", "to", "/srv");

        assertThat(world.asked)
                .containsExactly(
                        new FetchShare(World.MUSIC.hash(), "Music", MNT),
                        new FetchShare(World.MUSIC.hash(), "Music", Path.of("/srv")));
    }

    private Fetched told(InfoHash hash) {
        Share share = hash.equals(World.MUSIC.hash()) ? World.MUSIC : World.PHOTOS;
        return new Fetched(world.told(World.job(9, share, TransferState.DOWNLOADING)), false);
    }

    private UserException failure(String method, Object... params) {
        return assertThrows(UserException.class, () -> world.call(method, params));
    }

    private static Follow follow(String share, boolean mirror) {
        return new Follow(1, World.ALICE, share, false, false, List.of(), null, mirror, false, null, World.NOW);
    }
}
