package bitween.model;

/**
 * A piece of a document: an answer to a {@link PageQuery}.
 *
 * @param revision of the document; pages of one document have one revision
 * @param totalBytes of the document as it travels
 */
public record Page(String revision, int totalBytes, int offset, Bytes content) {
    /** So that the stanza around it stays under 8 KiB in base64, which the tightest server shapers let through. */
    public static final int MAX_BYTES = 5_700;

    public Page {
        if (offset < 0 || totalBytes < 0 || content.size() > MAX_BYTES || (long) offset + content.size() > totalBytes) {
            throw new IllegalArgumentException(
                    "no page: " + content.size() + " bytes at " + offset + " of " + totalBytes);
        }
    }
}
