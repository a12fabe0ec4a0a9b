package bitween.model;

import java.time.Instant;

/**
 * What a friend sends, and the user has neither got nor declined.
 *
 * @param since when it was seen first
 * @param state why it is not here
 */
public record OpenOffer(Jid friend, Share share, Instant since, State state) {
    /** Why it is not here. */
    public enum State {
        /** Nothing comes by itself from that friend, or this came so once and was removed. */
        ASKS,
        /** More than may come by itself from that friend in a day. */
        TOO_MUCH,
        /** The disk has no room for it. */
        NO_ROOM,
        /** It is on its way. */
        COMING
    }
}
