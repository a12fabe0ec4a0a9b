package bitween.message;

import bitween.bus.Request;
import bitween.model.Jid;
import bitween.model.RosterEntry;

/** What the user wants of the roster. Each fails with a {@link bitween.model.UserException}, XMPP_OFFLINE while there is no connection. */
public sealed interface FriendRequest extends Request<RosterEntry> {
    Jid jid();

    /** Asks to see their presence (RFC 6121 section 3.1), and lets them see ours. */
    record AddFriend(Jid jid) implements FriendRequest {}

    /** Lets them see our presence, and asks to see theirs. */
    record AcceptFriend(Jid jid) implements FriendRequest {}

    /** Removes them from the roster, or refuses their request. */
    record RemoveFriend(Jid jid) implements FriendRequest {}
}
