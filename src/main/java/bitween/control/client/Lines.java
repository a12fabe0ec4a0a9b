package bitween.control.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into lines of UTF-8. Not thread-safe: one stream, one reader. */
public final class Lines {
    private static final int FIRST_CAPACITY = 8_192;

    private final int maxBytes;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int start;
    private int searched;
    private int end;

    /** @param maxBytes of a line, without its line break */
    public Lines(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes what was read. To be called only once {@link #next} has no line left, so that no more than a line and one read is kept. */
    public void add(ByteBuffer read) {
        int count = read.remaining();
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            searched -= start;
            end -= start;
            start = 0;
        }
        if (end + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + count, bytes.length * 2));
        }
        read.get(bytes, end, count);
        end += count;
    }

    /**
     * @return the next whole line without its line break, or null when more has to be read first
     * @throws CharacterCodingException when the line is not UTF-8; the line is consumed
     * @throws LineTooLong when it is longer than allowed; the stream is of no use afterwards
     */
    public @Nullable String next() throws CharacterCodingException, LineTooLong {
        while (searched < end && bytes[searched] != '\n') {
            searched++;
        }
        if (searched - start > maxBytes) {
            throw new LineTooLong(maxBytes);
        }
        if (searched == end) {
            return null;
        }
        ByteBuffer line = ByteBuffer.wrap(bytes, start, searched - start);
        searched++;
        start = searched;
        return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
    }

    /** The other side sends a line without end. */
    public static final class LineTooLong extends Exception {
        LineTooLong(int maxBytes) {
            super("a line has at most " + maxBytes + " bytes");
        }
    }
}
