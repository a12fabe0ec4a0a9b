package bitween.model;

/**
 * An error for people: what happened and why, and what to do now. It crosses the API as data; nobody sees a stack trace.
 */
public class UserException extends RuntimeException {
    private final ErrorCode code;
    private final String hint;

    /**
     * @param sentence what happened and why, without a full stop
     * @param hint what to do now; empty when there is nothing to do
     */
    public UserException(ErrorCode code, String sentence, String hint) {
        super(sentence);
        this.code = code;
        this.hint = hint;
    }

    public UserException(ErrorCode code, String sentence, String hint, Throwable cause) {
        super(sentence, cause);
        this.code = code;
        this.hint = hint;
    }

    public ErrorCode code() {
        return code;
    }

    /** @return never null; the sentence that the constructor was given */
    public String sentence() {
        String sentence = getMessage();
        return sentence == null ? code.name() : sentence;
    }

    public String hint() {
        return hint;
    }
}
