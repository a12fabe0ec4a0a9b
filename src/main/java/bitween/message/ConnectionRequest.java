package bitween.message;

import bitween.bus.Request;
import bitween.model.ConnectionState;
import java.time.Duration;

/** What the user wants of the connection to the XMPP server. */
public sealed interface ConnectionRequest<R> extends Request<R> {
    /**
     * Says to friends that we leave, and stays away until {@link ReturnToFriends}, over restarts too. Answered with how the connection stands then.
     *
     * @param stopSeeding whether nobody gets anything from us meanwhile, not even over links that there are
     */
    record LeaveFriends(boolean stopSeeding) implements ConnectionRequest<ConnectionState> {}

    /** Comes back. Answered before there is a connection, with how it stands then. */
    record ReturnToFriends() implements ConnectionRequest<ConnectionState> {}

    /**
     * Asks the server what time it is. Answered with how far its clock is ahead of ours, give or take the time that the answer took; fails with UserException
     * XMPP_OFFLINE, or FRIEND_REFUSED when it does not tell.
     */
    record ReadServerClock() implements ConnectionRequest<Duration> {}
}
