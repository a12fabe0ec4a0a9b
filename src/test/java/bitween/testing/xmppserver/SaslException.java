package bitween.testing.xmppserver;

/** A login refused; the condition is one of RFC 6120 section 6.5. */
final class SaslException extends Exception {
    private static final long serialVersionUID = 1;
    final String condition;

    SaslException(String condition) {
        super(condition);
        this.condition = condition;
    }
}
