package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.LinkEvent.LimitsChanged;
import bitween.message.RateRequest.LimitFriend;
import bitween.message.RateRequest.LimitTransfer;
import bitween.model.ErrorCode;
import bitween.model.RateLimit;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LimitMethodsTest {
    private final World world = new World();

    @BeforeEach
    void roster() {
        world.answer(LimitFriend.class, request -> {
            world.bus.publish(new LimitsChanged(Map.of(request.jid(), request.limit())));
            return request.limit();
        });
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
    }

    @Test
    void each_way_is_limited_by_itself_and_shown_with_the_friend_and_in_the_status() {
        world.call("friend.limit", "friend", "alice", "down", 4_000_000);
        Map<String, ?> both = world.call("friend.limit", "friend", "alice", "up", 500_000);

        assertThat(world.asked)
                .containsExactly(
                        new LimitFriend(World.ALICE, new RateLimit(4_000_000, 0)),
                        new LimitFriend(World.ALICE, new RateLimit(4_000_000, 500_000)));
        Map<String, Long> limit = Map.of("down", 4_000_000L, "up", 500_000L);
        assertThat(both).isEqualTo(Map.of("jid", "alice@example.org", "limit", limit));
        assertThat(World.list(world.call("friends").get("friends")))
                .extracting(friend -> friend.get("limit"))
                .containsExactly(limit, null);
        assertThat(world.call("status"))
                .containsEntry("limits", List.of(Map.of("jid", "alice@example.org", "limit", limit)));
    }

    @Test
    void a_share_or_job_is_limited_by_its_name_and_shows_it() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        world.answer(LimitTransfer.class, request -> {
            Transfer limited = Objects.requireNonNull(
                            world.keeper.current().transfers().get(request.id()))
                    .with(request.limit());
            world.transfer(limited);
            return limited;
        });

        world.call("limit", "name", "Music", "down", 4_000_000);
        Map<String, ?> both = world.call("limit", "name", "#2", "up", 500_000);

        Map<String, Long> limit = Map.of("down", 4_000_000L, "up", 500_000L);
        assertThat(both).containsOnlyKeys("jid", "id", "name", "limit");
        assertThat(both.get("jid")).isNull();
        assertThat(both.get("limit")).isEqualTo(limit);
        assertThat(World.list(world.call("jobs").get("jobs")).get(0)).containsEntry("limit", limit);
        assertThat(world.call("limit", "name", "Music")).containsEntry("limit", limit);
        assertThat(world.asked).hasSize(2);
    }

    @Test
    void what_is_limited_by_one_name_can_be_a_friend_too_and_then_nobody_guesses() {
        assertThat(world.call("limit", "name", "ali", "down", 4_000_000))
                .containsOnlyKeys("jid", "id", "name", "limit")
                .containsEntry("jid", "alice@example.org");
        world.transfer(World.job(2, World.share("alice", 'd', 8, 1), TransferState.DOWNLOADING));

        assertThatThrownBy(() -> world.call("limit", "name", "alice", "down", 2_000))
                .isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS);
                    assertThat(e.sentence()).isEqualTo("'alice' can be alice@example.org or #2 'alice'");
                });
        assertThat(world.call("limit", "name", "alice@example.org")).containsEntry("jid", "alice@example.org");
        assertThat(world.call("limit", "name", "#2")).containsEntry("name", "alice");
        assertThatThrownBy(() -> world.call("limit", "name", "nobody"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND));
    }

    @Test
    void a_friend_who_is_paused_keeps_the_limit_and_shows_it_until_resumed() {
        world.call("friend.limit", "friend", "alice", "down", 4_000_000);

        assertThat(world.call("friend.pause", "friend", "alice"))
                .isEqualTo(Map.of("jid", "alice@example.org", "paused", true));
        assertThat(pausedFriends()).containsExactly(true, false);
        assertThat(world.call("friend.limit", "friend", "alice", "up", 500_000)).containsKey("limit");
        assertThat(pausedFriends()).containsExactly(true, false);
        assertThat(world.call("friend.resume", "friend", "alice"))
                .isEqualTo(Map.of("jid", "alice@example.org", "paused", false));

        assertThat(pausedFriends()).containsExactly(false, false);
        assertThat(world.asked).last().isEqualTo(new LimitFriend(World.ALICE, new RateLimit(4_000_000, 500_000)));
        world.call("friend.pause", "friend", "bob");
        assertThat(World.list(world.call("status").get("limits")))
                .as("a pause is no limit")
                .isEmpty();
        assertThat(world.call("status")).containsEntry("pausedFriends", List.of("bob@example.org"));
    }

    private List<@Nullable Object> pausedFriends() {
        List<@Nullable Object> paused = new ArrayList<>();
        World.list(world.call("friends").get("friends")).forEach(friend -> paused.add(friend.get("paused")));
        return paused;
    }

    @Test
    void without_a_rate_it_is_shown_and_nothing_is_changed() {
        assertThat(world.call("friend.limit", "friend", "bob"))
                .containsEntry("jid", "bob@example.org")
                .containsEntry("limit", null);
        assertThat(world.asked).isEmpty();
    }

    @Test
    void nobody_else_is_limited_and_a_rate_that_would_stall_is_refused() {
        assertThatThrownBy(() -> world.call("friend.limit", "friend", "eve", "down", 4_000_000))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND));
        assertThatThrownBy(() -> world.call("friend.limit", "friend", "bob", "down", 999))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT))
                .hasMessageContaining("at least 1000 bytes per second");
    }
}
