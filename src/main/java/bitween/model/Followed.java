package bitween.model;

import org.jspecify.annotations.Nullable;

/**
 * How it stands with what is followed.
 *
 * @param newest null: nothing of that name was shared yet
 * @param job that gets or got it; null: none does
 * @param place the complete job whose place the next revision takes; null: there is none
 * @param reason why it does not go on, for people; null: it does, or there is nothing to do
 */
public record Followed(
        Follow follow,
        State state,
        @Nullable Share newest,
        @Nullable Transfer job,
        @Nullable TransferId place,
        @Nullable String reason) {
    /** The names are released: scripts match on them. */
    public enum State {
        /** Nothing of that name is shared yet. */
        WAITING,
        /** The newest is here, or nothing in it is wanted. */
        READY,
        /** There is something new, which is got when the user says so. */
        FOUND,
        /** There is something new, which is larger than what comes by itself. */
        HELD,
        /** It is on its way. */
        GETTING,
        /** It failed, or rests. */
        STOPPED
    }
}
