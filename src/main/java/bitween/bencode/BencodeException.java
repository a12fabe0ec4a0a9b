package bitween.bencode;

/** Bytes that are not the bencode that was expected. */
public final class BencodeException extends Exception {
    private final int offset;

    /**
     * @param sentence what is wrong, without a full stop
     * @param offset of the byte where it is wrong
     */
    public BencodeException(String sentence, int offset) {
        super(sentence + " (at byte " + offset + ")");
        this.offset = offset;
    }

    public int offset() {
        return offset;
    }
}
