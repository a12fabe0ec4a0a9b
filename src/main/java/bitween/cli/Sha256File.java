package bitween.cli;

import bitween.model.ErrorCode;
import bitween.model.Sha256;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** The SHA-256 of a file, read by this process, so that the daemon need not. */
final class Sha256File {
    private Sha256File() {}

    /** @throws UserException PATH_UNREADABLE */
    static String of(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(Sha256.of(content));
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.PATH_UNREADABLE, file + " cannot be read: " + e.getMessage(), "see to its rights", e);
        }
    }
}
