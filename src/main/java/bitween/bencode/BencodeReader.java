package bitween.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import bitween.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one bencoded value (BEP 3), part by part in the order of the bytes:
 *
 * <pre>{@code
 * reader.beginDictionary();
 * while (reader.hasMore()) {
 *     switch (reader.key()) {
 *         case "length" -> length = reader.integer();
 *         …
 *     }
 * }
 * reader.end();
 * reader.finish();
 * }</pre>
 *
 * <p>Every form has one spelling: no leading zeros, no -0, keys in ascending order of their bytes, each once.
 */
public final class BencodeReader {
    /**
     * An info dictionary nests 4 deep; a parser of our own needs no stack, but who nests deeper wants to break
     * somebody's.
     */
    public static final int MAX_DEPTH = 32;

    /** Longer than any key there is; bounds what an error repeats. */
    private static final int MAX_KEY_BYTES = 255;

    /** Digits of {@link Long#MIN_VALUE} with its sign, and of the length of an array. */
    private static final int MAX_INTEGER_DIGITS = 20;

    private static final int MAX_LENGTH_DIGITS = 10;

    private final byte[] content;
    private final int maxElements;
    private final CharsetDecoder utf8 = UTF_8.newDecoder();
    private final boolean[] dictionary = new boolean[MAX_DEPTH];
    private final @Nullable String[] lastKey = new @Nullable String[MAX_DEPTH];
    private int depth;
    private int offset;
    private int elements;
    private boolean keyRead;

    private BencodeReader(byte[] content, int maxElements) {
        this.content = content;
        this.maxElements = maxElements;
    }

    /**
     * @param maxElements how many strings, integers, lists, dictionaries, keys and ends there may be
     * @throws BencodeException if there are more than {@code maxBytes}
     */
    public static BencodeReader of(Bytes content, int maxBytes, int maxElements) throws BencodeException {
        if (content.size() > maxBytes) {
            throw new BencodeException(content.size() + " bytes are more than the " + maxBytes + " allowed", maxBytes);
        }
        return new BencodeReader(content.toArray(), maxElements);
    }

    public void beginDictionary() throws BencodeException {
        begin('d', "a dictionary");
    }

    public void beginList() throws BencodeException {
        begin('l', "a list");
    }

    /** Whether the list or dictionary that was begun last has another element. */
    public boolean hasMore() throws BencodeException {
        return peek() != 'e';
    }

    /** @return the bytes of the next key as Latin-1, so that each byte is one character */
    public String key() throws BencodeException {
        if (depth == 0 || !dictionary[depth - 1] || keyRead) {
            throw new IllegalStateException("no key is due");
        }
        int start = offset;
        count();
        String key = new String(stringBytes("a key", MAX_KEY_BYTES), ISO_8859_1);
        String last = lastKey[depth - 1];
        if (last != null && last.compareTo(key) >= 0) {
            throw new BencodeException(
                    "the key '" + key + "' comes after '" + last + "', though keys are sorted and unique", start);
        }
        lastKey[depth - 1] = key;
        keyRead = true;
        return key;
    }

    /** Ends the list or dictionary that was begun last. */
    public void end() throws BencodeException {
        if (depth == 0 || keyRead) {
            throw new IllegalStateException("there is nothing to end");
        }
        expect('e', "the end of a list or dictionary");
        count();
        depth--;
    }

    public long integer() throws BencodeException {
        beforeValue();
        int start = offset;
        expect('i', "an integer");
        int from = offset;
        while (peek() != 'e') {
            offset++;
            if (offset - from > MAX_INTEGER_DIGITS) {
                throw new BencodeException("an integer has more than 64 bits", start);
            }
        }
        String digits = new String(content, from, offset - from, ISO_8859_1);
        offset++;
        if (!digits.equals("0") && !isPlain(digits.startsWith("-") ? digits.substring(1) : digits)) {
            throw new BencodeException("'" + digits + "' is no integer in its one spelling", start);
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new BencodeException("an integer has more than 64 bits", start);
        }
    }

    public byte[] string() throws BencodeException {
        beforeValue();
        return stringBytes("a string", content.length);
    }

    /** A string that is valid UTF-8. */
    public String text() throws BencodeException {
        int start = offset;
        byte[] bytes = string();
        try {
            return utf8.decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new BencodeException("a name is not valid UTF-8", start);
        }
    }

    /** Passes over the next value, whatever it is. */
    public void skip() throws BencodeException {
        switch (peek()) {
            case 'i' -> integer();
            case 'd' -> {
                beginDictionary();
                while (hasMore()) {
                    key();
                    skip();
                }
                end();
            }
            case 'l' -> {
                beginList();
                while (hasMore()) {
                    skip();
                }
                end();
            }
            default -> string();
        }
    }

    /** The next value as it stands, whatever it is. */
    public Bytes raw() throws BencodeException {
        int start = offset;
        skip();
        return Bytes.of(Arrays.copyOfRange(content, start, offset));
    }

    /** To be called at last: nothing may follow the value. */
    public void finish() throws BencodeException {
        if (depth != 0 || offset == 0) {
            throw new IllegalStateException("the value is not read to its end");
        }
        if (offset != content.length) {
            throw new BencodeException(content.length - offset + " bytes follow the value", offset);
        }
    }

    private void begin(char type, String what) throws BencodeException {
        beforeValue();
        expect(type, what);
        if (depth == MAX_DEPTH) {
            throw new BencodeException("values nest deeper than " + MAX_DEPTH, offset - 1);
        }
        dictionary[depth] = type == 'd';
        lastKey[depth] = null;
        depth++;
    }

    private void beforeValue() throws BencodeException {
        if (depth > 0 && dictionary[depth - 1] && !keyRead) {
            throw new IllegalStateException("a key is due before its value");
        }
        keyRead = false;
        count();
    }

    private void count() throws BencodeException {
        if (++elements > maxElements) {
            throw new BencodeException("there are more than " + maxElements + " elements", offset);
        }
    }

    private byte[] stringBytes(String what, int maxBytes) throws BencodeException {
        int start = offset;
        long length = 0;
        while (peek() != ':') {
            int digit = content[offset] - '0';
            if (digit < 0 || digit > 9) {
                throw new BencodeException("expected " + what, start);
            }
            if (offset > start && length == 0) {
                throw new BencodeException("a length has leading zeros", start);
            }
            length = length * 10 + digit;
            offset++;
            if (offset - start > MAX_LENGTH_DIGITS) {
                throw new BencodeException(what + " is longer than what there is", start);
            }
        }
        if (offset == start) {
            throw new BencodeException("expected " + what, start);
        }
        offset++;
        if (length > content.length - offset || length > maxBytes) {
            throw new BencodeException(what + " of " + length + " bytes is longer than what there is or may be", start);
        }
        byte[] bytes = Arrays.copyOfRange(content, offset, offset + (int) length);
        offset += (int) length;
        return bytes;
    }

    private void expect(char type, String what) throws BencodeException {
        if (peek() != type) {
            throw new BencodeException("expected " + what, offset);
        }
        offset++;
    }

    private int peek() throws BencodeException {
        if (offset == content.length) {
            throw new BencodeException("the bytes end too early", offset);
        }
        return content[offset];
    }

    private static boolean isPlain(String digits) {
        return !digits.isEmpty()
                && digits.charAt(0) != '0'
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }
}
