package bitween.config;

import bitween.files.PrivateFiles;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The account's password: one line, UTF-8, in a file that nobody else can read. What is in it is in no message. */
public final class PasswordFile {
    /** Far longer than any password; a wrong file is not read whole. */
    private static final int MAX_BYTES = 4_096;

    private PasswordFile() {}

    /** @throws UserException NOT_CONFIGURED when there is none, HOME_UNSAFE when others can read it, BAD_CONFIG when it is not one line */
    public static String read(Path file) {
        PrivateFiles.check(file);
        String line = content(file).replaceFirst("\r?\n$", "");
        if (line.isEmpty() || line.chars().anyMatch(Character::isISOControl)) {
            throw notOneLine(file);
        }
        return line;
    }

    /** Writes it with mode 0600, whole or not at all. */
    public static void write(Path file, String password) {
        PrivateFiles.write(file, (checked(password) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** @throws UserException BAD_ARGUMENT when {@link #write} would refuse it: what it writes, {@link #read} takes */
    public static String checked(String password) {
        boolean tooLong = password.getBytes(StandardCharsets.UTF_8).length >= MAX_BYTES;
        if (password.isEmpty() || tooLong || password.chars().anyMatch(Character::isISOControl)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "a password is one line of 1 to " + (MAX_BYTES - 1) + " bytes",
                    "type it again, or paste less");
        }
        return password;
    }

    private static String content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw notOneLine(file);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notOneLine(file);
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_READ, "the password file " + file + " cannot be read", "look at its disk", e);
        }
    }

    private static UserException notOneLine(Path file) {
        return new UserException(
                ErrorCode.BAD_CONFIG,
                "the password file " + file + " does not hold one line of text",
                "write the account's password into it, and nothing else");
    }
}
