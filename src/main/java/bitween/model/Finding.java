package bitween.model;

/**
 * What a check of the home has found.
 *
 * @param check what was looked at: a stable word, such as {@code database}
 * @param what a sentence for people, without a full stop
 * @param hint what to do now; empty when there is nothing to do
 */
public record Finding(String check, State state, String what, String hint) {
    /** How it stands. */
    public enum State {
        OK,
        /** It was wrong, and is not any more. */
        MENDED,
        WRONG
    }

    public static Finding ok(String check, String what) {
        return new Finding(check, State.OK, what, "");
    }

    public static Finding mended(String check, String what) {
        return new Finding(check, State.MENDED, what, "");
    }

    public static Finding wrong(String check, String what, String hint) {
        return new Finding(check, State.WRONG, what, hint);
    }

    public static Finding wrong(String check, UserException e) {
        return new Finding(check, State.WRONG, e.sentence(), e.hint());
    }
}
