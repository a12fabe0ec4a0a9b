package bitween.torrent.format;

import bitween.bencode.BencodeException;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an info dictionary that a friend sent can be trusted as far as libtorrent, the disk and the terminal.
 */
public final class MetadataValidator {
    /** No info dictionary is longer. */
    public static final int MAX_BYTES = InfoRules.MAX_BYTES;

    private MetadataValidator() {}

    /** Whether {@code info} is what has this hash, good or bad. */
    public static boolean isOf(Bytes info, InfoHash hash) {
        return Arrays.equals(Digests.sha1().digest(info.toArray()), hash.bytes());
    }

    /** Reads what was validated when it came, and belongs to no transfer any more. */
    public static InfoDictionary validateAgain(Bytes info) {
        return validate(info, InfoHash.of(Digests.sha1().digest(info.toArray())));
    }

    /**
     * Reads {@code info}; its {@link InfoDictionary#encoded()} is {@code info} again.
     *
     * @throws UserException BAD_METADATA if it does not hash to {@code expected} or breaks a rule of the format
     */
    public static InfoDictionary validate(Bytes info, InfoHash expected) {
        if (info.size() > MAX_BYTES) {
            throw refused(expected, "has " + info.size() + " bytes, " + MAX_BYTES + " are possible", null);
        }
        if (!isOf(info, expected)) {
            throw refused(expected, "does not have this hash", null);
        }
        try {
            return InfoFormat.read(info);
        } catch (BencodeException e) {
            throw refused(expected, "is malformed: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw refused(expected, String.valueOf(e.getMessage()), e);
        }
    }

    private static UserException refused(InfoHash hash, String reason, @Nullable Exception e) {
        String sentence = "the metadata of " + hash + " is refused: it " + reason;
        String hint = "ask who shares it to share it with bitween, after renaming what the reason names";
        return e == null
                ? new UserException(ErrorCode.BAD_METADATA, sentence, hint)
                : new UserException(ErrorCode.BAD_METADATA, sentence, hint, e);
    }
}
