package bitween.catalogue;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Documents travel deflated (RFC 1950): paths shrink to a tenth, and the way through an XMPP server is narrow. */
final class Compressed {
    /** What a list may become, in bytes: 100,000 shares with names of usual length. */
    static final int MAX_LIST_BYTES = 16 * 1024 * 1024;
    /** What an info dictionary may become, as the validator allows, or digests: 250,000 are 8 MB. */
    static final int MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;

    private static final int BUFFER = 64 * 1024;

    private Compressed() {}

    static Bytes deflate(Bytes plain) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain.toArray());
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return Bytes.of(out.toByteArray());
        } finally {
            deflater.end();
        }
    }

    /**
     * @param limit of the plain bytes; a document that would grow beyond it is refused before it does
     * @throws UserException BAD_METADATA
     */
    static Bytes inflate(Bytes deflated, int limit) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(deflated.toArray());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw broken("it ends too early", null);
                }
                out.write(buffer, 0, count);
                if (out.size() > limit) {
                    throw broken("it is larger than " + limit + " bytes", null);
                }
            }
            return Bytes.of(out.toByteArray());
        } catch (DataFormatException e) {
            throw broken("it is not compressed as it should be", e);
        } finally {
            inflater.end();
        }
    }

    private static UserException broken(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        String sentence = "a friend's device sent a broken document: " + why;
        return cause == null
                ? new UserException(ErrorCode.BAD_METADATA, sentence, "")
                : new UserException(ErrorCode.BAD_METADATA, sentence, "", cause);
    }
}
