package bitween.link;

import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/** ECDSA on P-256 with SHA-256, over the domain's name and the message. */
public final class Signatures {
    private static final String ALGORITHM = "SHA256withECDSA";
    /** A sequence of two integers of at most 33 bytes. */
    private static final int MAX_BYTES = 72;

    private Signatures() {}

    /** @return whether the device of {@code key} signed {@code message} for this purpose; false also for what is no signature, or no point on the curve */
    public static boolean verify(DevicePublicKey key, SigningDomain domain, Bytes message, Bytes signature) {
        if (signature.size() > MAX_BYTES) {
            return false;
        }
        try {
            PublicKey point = KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(key.spki().toArray()));
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(point);
            verifier.update(domain.label());
            verifier.update(message.toArray());
            return verifier.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            return false; // foreign bytes: whoever sent them is told nothing, and the caller counts them
        }
    }

    static Bytes sign(PrivateKey key, SigningDomain domain, Bytes message) {
        try {
            Signature signer = Signature.getInstance(ALGORITHM);
            signer.initSign(key);
            signer.update(domain.label());
            signer.update(message.toArray());
            return Bytes.of(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with a P-256 key", e);
        }
    }
}
