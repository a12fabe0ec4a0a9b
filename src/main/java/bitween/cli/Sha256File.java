package bitween.cli;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a file, read by this process, so that the daemon need not. */
final class Sha256File {
    private static final int BLOCK = 1 << 20;

    private Sha256File() {}

    /** @throws UserException PATH_UNREADABLE */
    static String of(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[BLOCK];
            for (int count = content.read(block); count >= 0; count = content.read(block)) {
                digest.update(block, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.PATH_UNREADABLE, file + " cannot be read: " + e.getMessage(), "see to its rights", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
