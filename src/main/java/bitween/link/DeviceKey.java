package bitween.link;

import bitween.files.PrivateFiles;
import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import bitween.model.ErrorCode;
import bitween.model.Fingerprint;
import bitween.model.UserException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What this device is: a key on P-256, and a certificate of its own making around it. Kept in a file of mode 0600, made at the first start and never again.
 * Immutable; any thread.
 */
public final class DeviceKey {
    private static final Logger log = LogManager.getLogger(DeviceKey.class);
    private static final String ALIAS = "device";
    /** The file's mode protects the key. PKCS12 wants a password; one that lay beside it would protect nothing. */
    private static final char[] PASSWORD = "bitween".toCharArray();
    /** A thousand bytes as we write it. */
    private static final int MAX_FILE_BYTES = 65_536;

    private final PrivateKey privateKey;
    private final X509Certificate certificate;
    private final DevicePublicKey publicKey;
    private final Fingerprint fingerprint;

    private DeviceKey(PrivateKey privateKey, X509Certificate certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
        publicKey = new DevicePublicKey(Bytes.of(certificate.getPublicKey().getEncoded()));
        fingerprint = publicKey.fingerprint();
    }

    /**
     * Loads the key, or makes one when there is none.
     *
     * @param file in a directory that exists
     * @throws UserException HOME_UNSAFE when others can read it, KEY_DAMAGED, DISK_READ or DISK_WRITE
     */
    public static DeviceKey open(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return load(file);
        }
        DeviceKey fresh = create();
        PrivateFiles.write(file, fresh.encoded());
        log.info("this device has a key now: {}", fresh.fingerprint.groups());
        return fresh;
    }

    /** @return a key that is kept nowhere */
    public static DeviceKey create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new DeviceKey(pair.getPrivate(), SelfSigned.of(pair));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes keys on P-256", e);
        }
    }

    private static DeviceKey load(Path file) {
        PrivateFiles.check(file);
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE_BYTES);
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_READ,
                    "this device's key in " + file + " cannot be read: " + e.getMessage(),
                    "look at its owner, mode and disk",
                    e);
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), PASSWORD);
            if (store.getKey(ALIAS, PASSWORD) instanceof PrivateKey key
                    && store.getCertificate(ALIAS) instanceof X509Certificate certificate) {
                DeviceKey loaded = new DeviceKey(key, certificate);
                loaded.requirePair();
                return loaded;
            }
            throw new GeneralSecurityException("no key is in it");
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.KEY_DAMAGED,
                    "this device's key in " + file + " is damaged: " + e.getMessage(),
                    "put a copy of it back; without one, move it away, and your friends have to trust a new key",
                    e);
        }
    }

    /** A file whose two halves are of different keys would fail each handshake, far from here. */
    private void requirePair() throws GeneralSecurityException {
        if (!"EC".equals(privateKey.getAlgorithm())
                || !Signatures.verify(
                        publicKey, SigningDomain.DEVICE, Bytes.EMPTY, sign(SigningDomain.DEVICE, Bytes.EMPTY))) {
            throw new GeneralSecurityException("its key and its certificate do not belong together");
        }
    }

    private byte[] encoded() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, privateKey, PASSWORD, new Certificate[] {certificate});
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, PASSWORD);
            return out.toByteArray();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("every JDK writes PKCS12", e);
        }
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    public DevicePublicKey publicKey() {
        return publicKey;
    }

    /** @return at most 72 bytes, which {@link Signatures#verify} takes */
    public Bytes sign(SigningDomain domain, Bytes message) {
        return Signatures.sign(privateKey, domain, message);
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "device " + fingerprint.brief();
    }
}
