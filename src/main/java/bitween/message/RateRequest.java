package bitween.message;

import bitween.bus.Request;
import bitween.model.Jid;
import bitween.model.RateLimit;

/** What the user wants of how fast bytes move. Fails with a {@link bitween.model.UserException}. */
public sealed interface RateRequest<R> extends Request<R> {
    /** Limits what comes from a friend and what goes there, at once and for good. Answered with what holds now. */
    record LimitFriend(Jid jid, RateLimit limit) implements RateRequest<RateLimit> {}
}
