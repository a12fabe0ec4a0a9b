package bitween.message;

import bitween.bus.Request;
import bitween.model.Jid;
import bitween.model.RosterEntry;

/** What the user wants of the roster. Each fails with a {@link bitween.model.UserException}, XMPP_OFFLINE while there is no connection that it needs. */
public sealed interface FriendRequest extends Request<RosterEntry> {
    Jid jid();

    /** Asks to see their presence (RFC 6121 section 3.1), and lets them see ours. */
    record AddFriend(Jid jid) implements FriendRequest {}

    /** Lets them see our presence, and asks to see theirs. */
    record AcceptFriend(Jid jid) implements FriendRequest {}

    /**
     * Removes them from the roster, or refuses their request. A removal holds at once, also without a connection: the server hears of it when it can. Fails with
     * UNKNOWN_FRIEND.
     */
    record RemoveFriend(Jid jid) implements FriendRequest {}

    /**
     * Has nothing to do with somebody any more, until they are unblocked: they leave the roster, which tells them, and cannot ask again. Holds at once, also
     * without a connection. Fails with BLOCKED or UNKNOWN_FRIEND.
     */
    record BlockFriend(Jid jid) implements FriendRequest {}

    /** Lets somebody who was blocked ask again, and be asked. Fails with NOT_BLOCKED. */
    record UnblockFriend(Jid jid) implements FriendRequest {}
}
