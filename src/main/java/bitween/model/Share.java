package bitween.model;

/**
 * What a catalogue tells of a share: enough to list it and to ask for it.
 *
 * @param sizeBytes the sum of its files
 * @param files how many files it has, empty ones included
 * @param reshare whether its owner lets those who get it share it on by themselves
 */
public record Share(String name, InfoHash hash, ContentId content, long sizeBytes, int files, boolean reshare) {
    /** As long as a file name may be on Linux, in UTF-8 bytes. */
    public static final int MAX_NAME_BYTES = 255;

    public Share(String name, InfoHash hash, ContentId content, long sizeBytes, int files) {
        this(name, hash, content, sizeBytes, files, false);
    }

    public Share {
        if (sizeBytes < 0 || files < 0) {
            throw new IllegalArgumentException(
                    "a share has no negative size: " + sizeBytes + " bytes, " + files + " files");
        }
    }
}
