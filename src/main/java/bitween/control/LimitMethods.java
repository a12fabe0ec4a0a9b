package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.message.RateRequest.LimitFriend;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.RateLimit;
import bitween.model.UserException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How fast bytes may come from and go to friends. */
final class LimitMethods {
    /** An answer overtakes its fact by one hop over the bus, which takes microseconds. */
    private static final Duration FACT_LIMIT = Duration.ofSeconds(5);

    private final Replies replies;

    LimitMethods(Replies replies) {
        this.replies = replies;
    }

    void addTo(Methods methods) {
        methods.add(
                "friend.limit",
                "limits how fast bytes come from a friend and go there, in bytes per second; 0: no limit; not given: as it is",
                List.of("friend", "down?", "up?"),
                this::limit);
        methods.add(
                "friend.pause",
                "lets nothing come from a friend or go there until friend.resume, over restarts too",
                List.of("friend"),
                params -> pause(params, true));
        methods.add("friend.resume", "ends friend.pause", List.of("friend"), params -> pause(params, false));
    }

    private View limit(Params params) throws InterruptedException {
        Friend friend = new Resolver(replies.catalogue()).friend(params.text("friend"));
        RateLimit wanted = limit(
                        params.number("down", 0, Long.MAX_VALUE, friend.limit().downBytesPerSecond()),
                        params.number("up", 0, Long.MAX_VALUE, friend.limit().upBytesPerSecond()))
                .paused(friend.limit().paused());
        put(friend, wanted);
        return new View().with("jid", friend.jid()).with("limit", view(wanted));
    }

    private View pause(Params params, boolean paused) throws InterruptedException {
        Friend friend = new Resolver(replies.catalogue()).friend(params.text("friend"));
        put(friend, friend.limit().paused(paused));
        return new View().with("jid", friend.jid()).with("paused", paused);
    }

    private void put(Friend friend, RateLimit wanted) throws InterruptedException {
        if (!wanted.equals(friend.limit())) {
            replies.ask(new LimitFriend(friend.jid(), wanted));
            replies.keeper().await(now -> wanted.equals(limitOf(now, friend.jid())), FACT_LIMIT);
        }
    }

    private static RateLimit limit(long down, long up) {
        try {
            return new RateLimit(down, up);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    String.valueOf(e.getMessage()),
                    "to get nothing from somebody: bitween friend rm, bitween revoke, or bitween rm",
                    e);
        }
    }

    private static @Nullable RateLimit limitOf(Catalogue now, Jid jid) {
        Friend friend = now.friends().get(jid);
        return friend == null ? null : friend.limit();
    }

    /** @return null when there is no limit */
    static @Nullable View view(RateLimit limit) {
        return limit.paused(false).equals(RateLimit.NONE)
                ? null
                : new View().with("down", limit.downBytesPerSecond()).with("up", limit.upBytesPerSecond());
    }

    /** Who has one, by address. */
    static List<View> all(Catalogue now) {
        return now.friends().values().stream()
                .filter(friend -> view(friend.limit()) != null)
                .sorted(Comparator.comparing(Friend::jid))
                .map(friend -> new View().with("jid", friend.jid()).with("limit", view(friend.limit())))
                .toList();
    }
}
