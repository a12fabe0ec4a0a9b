package bitween.message;

import bitween.bus.Request;
import bitween.model.ConnectionState;

/** What the user wants of the connection to the XMPP server. Answered with how it stands then. */
public sealed interface ConnectionRequest extends Request<ConnectionState> {
    /**
     * Says to friends that we leave, and stays away until {@link ReturnToFriends}, over restarts too.
     *
     * @param stopSeeding whether nobody gets anything from us meanwhile, not even over links that there are
     */
    record LeaveFriends(boolean stopSeeding) implements ConnectionRequest {}

    /** Comes back. Answered before there is a connection. */
    record ReturnToFriends() implements ConnectionRequest {}
}
