package bitween.xmpp;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/**
 * A socket to the server that knows when it heard anything last, be it half a stanza, and how much it has said. It sends small packets at once, which is 40 ms less
 * for each step of logging in. Thread: one that reads, one that writes, and any that asks.
 */
final class Wire extends Socket {
    private volatile long heardNs = System.nanoTime();
    private volatile long sentBytes;

    Wire() throws SocketException {
        setTcpNoDelay(true);
    }

    /** When, by {@link System#nanoTime}. */
    long heardNs() {
        return heardNs;
    }

    long sentBytes() {
        return sentBytes;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                return heard(super.read());
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return heard(super.read(buffer, offset, length));
            }
        };
    }

    private int heard(int read) {
        if (read >= 0) {
            heardNs = System.nanoTime();
        }
        return read;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                said(length);
            }
        };
    }

    private synchronized void said(int bytes) {
        sentBytes += bytes;
    }
}
