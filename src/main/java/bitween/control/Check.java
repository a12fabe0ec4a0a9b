package bitween.control;

import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Finding;
import org.jspecify.annotations.Nullable;

/**
 * One thing that has to be so before two people can share, and whether it is.
 *
 * @param name a stable word for it
 * @param code what is wrong, for programs; null unless FAILED
 * @param what a sentence for people, without a full stop
 * @param hint what to do now; empty when there is nothing to do
 */
record Check(String name, State state, @Nullable ErrorCode code, String what, String hint) {
    /** How it stands. */
    enum State {
        OK,
        FAILED,
        /** It cannot be told, mostly because something before it failed. */
        UNKNOWN
    }

    static Check ok(String name, String what) {
        return new Check(name, State.OK, null, what, "");
    }

    static Check unknown(String name, String what) {
        return new Check(name, State.UNKNOWN, null, what, "");
    }

    static Check failed(String name, ErrorCode code, String what, String hint) {
        return new Check(name, State.FAILED, code, what, hint);
    }

    static Check failed(String name, Failure failure) {
        return failed(name, failure.code(), failure.reason(), failure.hint());
    }

    static Check of(Finding finding) {
        ErrorCode code = finding.code();
        return code != null
                ? failed(finding.check(), code, finding.what(), finding.hint())
                : ok(finding.check(), finding.what());
    }

    View view(int number) {
        return new View()
                .with("number", number)
                .with("check", name)
                .with("state", state)
                .with("code", code)
                .with("what", what)
                .with("hint", hint);
    }
}
