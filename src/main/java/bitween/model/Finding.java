package bitween.model;

import org.jspecify.annotations.Nullable;

/**
 * What a check of the home has found.
 *
 * @param check what was looked at: a stable word, such as {@code database}
 * @param code what is wrong, for programs; null unless WRONG
 * @param what a sentence for people, without a full stop
 * @param hint what to do now; empty when there is nothing to do
 */
public record Finding(String check, State state, @Nullable ErrorCode code, String what, String hint) {
    public Finding {
        if ((code != null) != (state == State.WRONG)) {
            throw new IllegalArgumentException("what is wrong has a code, and nothing else: " + check + ", " + code);
        }
    }

    /** How it stands. */
    public enum State {
        OK,
        /** It was wrong, and is not any more. */
        MENDED,
        WRONG
    }

    public static Finding ok(String check, String what) {
        return new Finding(check, State.OK, null, what, "");
    }

    public static Finding mended(String check, String what) {
        return new Finding(check, State.MENDED, null, what, "");
    }

    public static Finding wrong(String check, ErrorCode code, String what, String hint) {
        return new Finding(check, State.WRONG, code, what, hint);
    }

    public static Finding wrong(String check, UserException e) {
        return wrong(check, e.code(), e.sentence(), e.hint());
    }
}
