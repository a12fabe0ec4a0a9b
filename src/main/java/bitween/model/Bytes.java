package bitween.model;

import java.util.Arrays;

/** Bytes that nobody can change once they are in a message: copied on the way in and out, compared by content. */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    public static Bytes of(byte[] content) {
        return new Bytes(content.clone());
    }

    public byte[] toArray() {
        return content.clone();
    }

    public int size() {
        return content.length;
    }

    /** The bytes from {@code offset}, at most {@code count} of them; fewer at the end. */
    public Bytes slice(int offset, int count) {
        int from = Math.min(offset, content.length);
        return new Bytes(Arrays.copyOfRange(content, from, (int) Math.min((long) from + count, content.length)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
