package bitween.link;

import java.nio.charset.StandardCharsets;

/**
 * What a signature is for. The name is signed with the message, so that what was signed for one purpose is worth nothing for another, and never stands for
 * a TLS handshake either (RFC 8446 4.4.3 begins with 64 spaces). A name, once released, keeps its meaning.
 */
public enum SigningDomain {
    /** Where a device can be reached, and its counter. */
    ANNOUNCEMENT("bitween announcement 1"),
    /** An owner's leave to help one device with one share for some minutes. */
    TICKET("bitween ticket 1"),
    /** A device's word for another one of the same person. */
    DEVICE("bitween device 1");

    private final String name;

    SigningDomain(String name) {
        this.name = name;
    }

    /** Ends with a zero byte, which no name contains: none is the beginning of another. */
    byte[] label() {
        return (name + '\0').getBytes(StandardCharsets.US_ASCII);
    }
}
