package bitween.testing.xmppserver;

/** Ends a stream with an error that the client is told: RFC 6120 section 4.9. */
final class StreamException extends Exception {
    private static final long serialVersionUID = 1;
    private final String condition;
    private final String explanation;

    StreamException(String condition, String explanation) {
        super(explanation);
        this.condition = condition;
        this.explanation = explanation;
    }

    String toXml() {
        String error = Element.of(condition, Ns.STREAM_ERRORS).toXml()
                + Element.of("text", Ns.STREAM_ERRORS).containing(explanation).toXml();
        return "<stream:error>" + error + "</stream:error>";
    }
}
