package bitween.model;

import java.time.Instant;
import java.util.List;

/**
 * An announcement as it travels: with the device's key, and signed by it. A value of this type is only a claim until the signature was checked.
 *
 * @param counter never smaller than in an earlier one of this device
 * @param time by the device's clock; counts where the device is seen for the first time
 * @param endorsements devices of the same account that this one trusts
 * @param signature over all the rest and the account's address
 */
public record SignedAnnouncement(
        Announcement announcement,
        DevicePublicKey key,
        long counter,
        Instant time,
        List<Endorsement> endorsements,
        Bytes signature) {
    /** What fits beside eight addresses in 2 KiB. */
    public static final int MAX_ENDORSEMENTS = 4;
    /** ECDSA on P-256 in DER (RFC 3279 2.2.3): two numbers of at most 33 bytes. */
    public static final int MAX_SIGNATURE_BYTES = 72;

    public SignedAnnouncement {
        endorsements = List.copyOf(endorsements);
        if (counter < 0 || endorsements.size() > MAX_ENDORSEMENTS || signature.size() > MAX_SIGNATURE_BYTES) {
            throw new IllegalArgumentException("no announcement: counter " + counter + ", " + endorsements.size()
                    + " endorsements, a signature of " + signature.size() + " bytes");
        }
    }

    /**
     * A device's word that another one belongs to the same person.
     *
     * @param device the other one
     * @param signature over the account's address and {@code device}
     */
    public record Endorsement(Fingerprint device, Bytes signature) {
        public Endorsement {
            if (signature.size() > MAX_SIGNATURE_BYTES) {
                throw new IllegalArgumentException("a signature of " + signature.size() + " bytes");
            }
        }
    }
}
