package bitween.link;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * The envelope that TLS wants around a public key: a certificate of version 1 (RFC 5280 4.1), the same for every device but for key and signature. It
 * never ends, as it is not what is trusted.
 */
final class SelfSigned {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    /** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758). */
    private static final byte[] ECDSA_WITH_SHA256 = der(SEQUENCE, hex("06082a8648ce3d040302"));
    /** CN=bitween: a certificate says nothing of whose device it is. */
    private static final byte[] NAME =
            der(SEQUENCE, der(SET, der(SEQUENCE, hex("0603550403"), der(UTF8_STRING, ascii("bitween")))));
    /** "No well-defined expiration date" (RFC 5280 4.1.2.5). */
    private static final byte[] VALIDITY =
            der(SEQUENCE, der(UTC_TIME, ascii("700101000000Z")), der(GENERALIZED_TIME, ascii("99991231235959Z")));

    private SelfSigned() {}

    static X509Certificate of(KeyPair pair) throws GeneralSecurityException {
        byte[] spki = pair.getPublic().getEncoded();
        byte[] body = der(SEQUENCE, der(INTEGER, new byte[] {1}), ECDSA_WITH_SHA256, NAME, VALIDITY, NAME, spki);
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update(body);
        byte[] encoded = der(SEQUENCE, body, ECDSA_WITH_SHA256, der(BIT_STRING, new byte[] {0}, signer.sign()));
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        certificate.verify(pair.getPublic());
        return certificate;
    }

    /** One element of DER (X.690 8.1): its tag, its length, its content. */
    private static byte[] der(int tag, byte[]... content) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : content) {
            joined.writeBytes(part);
        }
        int length = joined.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(joined.toByteArray());
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
