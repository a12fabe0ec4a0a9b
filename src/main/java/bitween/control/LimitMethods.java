package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.message.RateRequest.LimitFriend;
import bitween.message.RateRequest.LimitTransfer;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.RateLimit;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How fast bytes may come from and go to friends, and those of one share or job. */
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
                "limit",
                "as friend.limit, of a friend, or of one share or job: 'jid' in the answer, or 'id' and 'name', say of which",
                List.of("name", "down?", "up?"),
                this::ofEither);
        methods.add(
                "friend.pause",
                "lets nothing come from a friend or go there until friend.resume, over restarts too",
                List.of("friend"),
                params -> pause(params, true));
        methods.add("friend.resume", "ends friend.pause", List.of("friend"), params -> pause(params, false));
    }

    private View ofEither(Params params) throws InterruptedException {
        String name = params.text("name");
        Resolver resolver = new Resolver(replies.catalogue());
        Friend inFull = known(() -> resolver.friendInFull(name), ErrorCode.UNKNOWN_FRIEND);
        Transfer transfer = known(() -> new OwnNames(replies.catalogue()).find(name, null), ErrorCode.UNKNOWN_JOB);
        if (transfer == null) {
            return ofFriend(params, inFull == null ? resolver.friend(name) : inFull);
        }
        if (inFull != null) {
            throw new UserException(
                    ErrorCode.AMBIGUOUS,
                    "'" + name + "' can be " + inFull.jid() + " or " + transfer.id() + " '" + transfer.name() + "'",
                    "name the friend by address, or the other as '" + transfer.id() + "'");
        }
        return ofTransfer(params, transfer);
    }

    /** @return null when there is none, which is the code {@code unknown} */
    private static <T> @Nullable T known(Supplier<T> search, ErrorCode unknown) {
        try {
            return search.get();
        } catch (UserException e) {
            if (e.code() == unknown) {
                return null;
            }
            throw e;
        }
    }

    private View ofTransfer(Params params, Transfer transfer) throws InterruptedException {
        RateLimit wanted = asked(params, transfer.limit());
        Transfer now = wanted.equals(transfer.limit())
                ? transfer
                : replies.ask(new LimitTransfer(transfer.id(), wanted), changed -> changed);
        return new View()
                .with("jid", null)
                .with("id", now.id().value())
                .with("name", now.name())
                .with("limit", view(now.limit()));
    }

    private View ofFriend(Params params, Friend friend) throws InterruptedException {
        return new View()
                .with("jid", friend.jid())
                .with("id", null)
                .with("name", null)
                .with("limit", view(limited(params, friend)));
    }

    private View limit(Params params) throws InterruptedException {
        Friend friend = new Resolver(replies.catalogue()).friend(params.text("friend"));
        RateLimit wanted = limited(params, friend);
        return new View().with("jid", friend.jid()).with("limit", view(wanted));
    }

    private RateLimit limited(Params params, Friend friend) throws InterruptedException {
        RateLimit wanted = asked(params, friend.limit());
        put(friend, wanted);
        return wanted;
    }

    /** What is not given stays as it is. */
    private static RateLimit asked(Params params, RateLimit before) {
        return limit(
                        params.number("down", 0, Long.MAX_VALUE, before.downBytesPerSecond()),
                        params.number("up", 0, Long.MAX_VALUE, before.upBytesPerSecond()))
                .paused(before.paused());
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
                    ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "to let nothing pass: bitween pause", e);
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
