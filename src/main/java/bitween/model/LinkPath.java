package bitween.model;

import org.jspecify.annotations.Nullable;

/**
 * How bytes reach a friend's device.
 *
 * @param address the other end's, of a direct path; null in-band
 */
public record LinkPath(Kind kind, @Nullable PeerAddress address) {
    /** Better ones first. */
    public enum Kind {
        /** TCP between the two devices. */
        DIRECT,
        /** Through the XMPP servers (XEP-0047), which see ciphertext. */
        IN_BAND
    }

    public static LinkPath direct(PeerAddress address) {
        return new LinkPath(Kind.DIRECT, address);
    }

    public static LinkPath inBand() {
        return new LinkPath(Kind.IN_BAND, null);
    }

    public boolean isDirect() {
        return kind == Kind.DIRECT;
    }

    @Override
    public String toString() {
        return isDirect() ? "direct, " + address : "in-band";
    }
}
