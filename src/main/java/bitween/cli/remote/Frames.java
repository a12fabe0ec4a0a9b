package bitween.cli.remote;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * What both sides say to each other: each time a letter, the length of what follows in four bytes, and that. Thread: one reads; any write, one after the
 * other, and a client that does not read holds up whoever writes to it.
 */
final class Frames {
    /** The daemon runs it elsewhere, or not at all: the client is to do that. */
    static final char REFUSED = 'r';

    static final char OUT = 'o';
    static final char ERR = 'e';
    /** Is shown to a person, who answers with {@link #LINE} or {@link #NO_LINE}. */
    static final char QUESTION = 'q';
    /** All is said; wait for {@link #DONE}, which tells that all is written, or before it {@link #LOST}. */
    static final char FINISHED = 'f';

    static final char EXIT = 'x';

    static final char BEGIN = 'b';
    static final char LINE = 'l';
    static final char NO_LINE = 'n';
    /** A signal; what follows is the exit code that stands for it. */
    static final char SIGNAL = 'c';
    /** The result can not be written any more; what follows is why. */
    static final char LOST = 's';

    static final char DONE = 'd';

    /** Linux takes no longer arguments and variables together (execve(2): a quarter of the stack). */
    static final int MAX_BYTES = 2 << 20;

    private static final int HEAD = 5;

    private final SocketChannel channel;
    /** Guarded by this. */
    private boolean ended;

    Frames(SocketChannel channel) {
        this.channel = channel;
    }

    /** @param content to be read once */
    record Frame(char kind, ByteBuffer content) {
        String text() {
            return StandardCharsets.UTF_8.decode(content).toString();
        }

        int number() {
            return content.remaining() == Integer.BYTES ? content.getInt() : 0;
        }
    }

    /** @throws IOException also when the other side is gone, or sends too much */
    Frame read() throws IOException {
        ByteBuffer head = filled(HEAD);
        char kind = (char) head.get();
        int length = head.getInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("a frame has at most " + MAX_BYTES + " bytes");
        }
        return new Frame(kind, filled(length));
    }

    private ByteBuffer filled(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the other side is gone");
            }
        }
        return bytes.flip();
    }

    void write(char kind, byte[] content) throws IOException {
        write(kind, content, 0, content.length);
    }

    /** @throws ClosedChannelException after {@link #exit} */
    synchronized void write(char kind, byte[] content, int offset, int length) throws IOException {
        if (ended) {
            throw new ClosedChannelException();
        }
        send(kind, content, offset, length);
    }

    private void send(char kind, byte[] content, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD + length);
        bytes.put((byte) kind).putInt(length).put(content, offset, length).flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The last frame; without effect after the first time. */
    synchronized void exit(int code) throws IOException {
        if (!ended) {
            ended = true;
            send(EXIT, ByteBuffer.allocate(Integer.BYTES).putInt(code).array(), 0, Integer.BYTES);
            channel.shutdownOutput();
        }
    }
}
