package bitween.model;

/** Where a program of somebody's is reached on XMPP: a bare address and a resource (RFC 7622). Proves nothing of who answers there. */
public record FullJid(Jid jid, String resource) {
    /** RFC 7622: a resource has at most 1,023 bytes. */
    private static final int MAX_LENGTH = 1_023;

    public FullJid {
        if (resource.isEmpty() || resource.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a resource has 1 to 1,023 characters, not " + resource.length());
        }
    }

    @Override
    public String toString() {
        return jid + "/" + resource;
    }
}
