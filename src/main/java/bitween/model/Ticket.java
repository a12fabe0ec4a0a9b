package bitween.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An owner's leave, for one device and one share, to get it from others who get it too. It names neither: only who knows the info-hash, the device and the owner's
 * key can tell what it is for. A value of this type is only a claim until the signature was checked.
 *
 * @param expires when it ends, to the second, by the owner's clock
 * @param signature the owner's device's
 */
public record Ticket(Instant expires, Bytes signature) {
    public Ticket {
        if (!expires.equals(expires.truncatedTo(ChronoUnit.SECONDS))
                || signature.size() > SignedAnnouncement.MAX_SIGNATURE_BYTES) {
            throw new IllegalArgumentException(
                    "no ticket: until " + expires + ", a signature of " + signature.size() + " bytes");
        }
    }
}
