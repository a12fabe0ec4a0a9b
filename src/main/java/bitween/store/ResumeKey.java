package bitween.store;

import bitween.files.PrivateFiles;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Proves that resume data are ours, of that torrent, and about those files: HMAC-SHA-256 with a key in {@code resume.key}, of mode 0600. Whoever has lost
 * the key has every unfinished job hashed once. Thread: any but {@code bus}.
 */
final class ResumeKey {
    private static final Logger log = LogManager.getLogger(ResumeKey.class);
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MAC_BYTES = 32;

    private final Path file;
    private @Nullable SecretKeySpec key;

    ResumeKey(Path database) {
        file = database.resolveSibling("resume.key");
    }

    /** @return the proof, then {@code data} */
    Bytes sealed(InfoHash hash, String place, Bytes data) {
        byte[] content = data.toArray();
        byte[] mac = mac(hash, place, content);
        byte[] sealed = Arrays.copyOf(mac, MAC_BYTES + content.length);
        System.arraycopy(content, 0, sealed, MAC_BYTES, content.length);
        return Bytes.of(sealed);
    }

    /** @return the data; empty when nothing proves them */
    Optional<Bytes> opened(InfoHash hash, String place, Bytes sealed) {
        byte[] all = sealed.toArray();
        if (all.length < MAC_BYTES) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(all, MAC_BYTES, all.length);
        boolean proven = MessageDigest.isEqual(Arrays.copyOf(all, MAC_BYTES), mac(hash, place, content));
        return proven ? Optional.of(Bytes.of(content)) : Optional.empty();
    }

    private byte[] mac(InfoHash hash, String place, byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            mac.update(hash.bytes()); // of one length, so what follows cannot be taken for a part of it
            mac.update(place.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0); // which no path has
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private synchronized SecretKeySpec key() {
        SecretKeySpec known = key;
        if (known == null) {
            known = new SecretKeySpec(read(), ALGORITHM);
            key = known;
        }
        return known;
    }

    private byte[] read() {
        try {
            byte[] stored = Files.readAllBytes(file);
            if (stored.length == KEY_BYTES) {
                PrivateFiles.file(file);
                return stored;
            }
            log.warn("{} is not what bitween wrote; unfinished jobs are hashed once", file);
        } catch (NoSuchFileException e) {
            log.debug("{} is made", file);
        } catch (IOException e) {
            log.warn("{} cannot be read ({}); unfinished jobs are hashed once", file, e.getMessage(), e);
        }
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        PrivateFiles.write(file, fresh);
        return fresh;
    }
}
