package bitween.message;

import bitween.bus.Request;
import bitween.model.Jid;
import bitween.model.RateLimit;
import bitween.model.Transfer;
import bitween.model.TransferId;

/** What the user wants of how fast bytes move. Fails with a {@link bitween.model.UserException}. */
public sealed interface RateRequest<R> extends Request<R> {
    /**
     * Limits what comes and goes in all, from now on until the daemon stops. Answered with true.
     *
     * @param downBytesPerSecond 0: no limit
     * @param upBytesPerSecond 0: no limit
     */
    record LimitAll(long downBytesPerSecond, long upBytesPerSecond) implements RateRequest<Boolean> {}

    /** Limits how many jobs download at once, from now on until the daemon stops. Answered with true. */
    record LimitJobs(int active) implements RateRequest<Boolean> {}

    /** Limits how fast the bytes of one share or job come and go, at once and for good. Answered once that is stored. */
    record LimitTransfer(TransferId id, RateLimit limit) implements RateRequest<Transfer> {}

    /** Limits what comes from a friend and what goes there, or lets nothing pass, at once and for good. Answered with what holds now. */
    record LimitFriend(Jid jid, RateLimit limit) implements RateRequest<RateLimit> {}
}
