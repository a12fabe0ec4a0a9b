package bitween.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import bitween.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes one bencoded value (BEP 3), part by part. The caller writes keys in ascending order; anything else is a bug
 * and an IllegalStateException.
 */
public final class BencodeWriter {
    /** Stands for a list on the stack; dictionaries keep their last key there, "" before the first. */
    private static final String LIST = "\uffff";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Deque<String> open = new ArrayDeque<>();
    private boolean keyWritten;

    public BencodeWriter beginDictionary() {
        beforeValue();
        out.write('d');
        open.push("");
        return this;
    }

    public BencodeWriter beginList() {
        beforeValue();
        out.write('l');
        open.push(LIST);
        return this;
    }

    /** Latin-1, not empty. */
    public BencodeWriter key(String key) {
        if (!inDictionary() || keyWritten || open.pop().compareTo(key) >= 0) {
            throw new IllegalStateException("the key '" + key + "' is not due");
        }
        open.push(key);
        write(key.getBytes(ISO_8859_1));
        keyWritten = true;
        return this;
    }

    public BencodeWriter integer(long value) {
        beforeValue();
        out.writeBytes(("i" + value + "e").getBytes(ISO_8859_1));
        return this;
    }

    public BencodeWriter string(Bytes value) {
        beforeValue();
        write(value.toArray());
        return this;
    }

    /** UTF-8. */
    public BencodeWriter text(String value) {
        beforeValue();
        write(value.getBytes(UTF_8));
        return this;
    }

    /** A value that is bencoded already; nobody looks whether it is. */
    public BencodeWriter raw(Bytes encoded) {
        beforeValue();
        out.writeBytes(encoded.toArray());
        return this;
    }

    /** Ends the list or dictionary that was begun last. */
    public BencodeWriter end() {
        if (open.isEmpty() || keyWritten) {
            throw new IllegalStateException("there is nothing to end");
        }
        open.pop();
        out.write('e');
        return this;
    }

    public Bytes toBytes() {
        if (!open.isEmpty() || out.size() == 0) {
            throw new IllegalStateException("the value is not written to its end");
        }
        return Bytes.of(out.toByteArray());
    }

    private void beforeValue() {
        if (inDictionary() != keyWritten || (open.isEmpty() && out.size() > 0)) {
            throw new IllegalStateException("a value is not due");
        }
        keyWritten = false;
    }

    private boolean inDictionary() {
        return !open.isEmpty() && !LIST.equals(open.peek());
    }

    private void write(byte[] bytes) {
        out.writeBytes((bytes.length + ":").getBytes(ISO_8859_1));
        out.writeBytes(bytes);
    }
}
