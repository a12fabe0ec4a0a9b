package bitween.testing.xmppserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection. Its reader thread alone reads, and writes until {@link #startQueue}; from then on a writer
 * thread of its own does, and {@link #send}, {@link #finish} and {@link #abort} may be called from anywhere and never block.
 */
final class Wire {
    private static final Logger log = LogManager.getLogger(Wire.class);

    /** A login among 500 contacts gets about 1,000 stanzas at once; a client that leaves this many lying is dead. */
    private static final int QUEUED_STANZAS = 20_000;

    /** For a client to log in; a handshake with a loaded JVM takes 2 s at worst. */
    private static final int LOGIN_MS = 30_000;

    /** For a client to close its side after we closed ours. */
    private static final int FAREWELL_MS = 2_000;

    /** Read and thrown away while it does, so that an unread rest does not turn our last words into a reset. */
    private static final int FAREWELL_BYTES = 16 << 20;

    private static final String END = "</stream:stream>";

    /** Queued after the last words; no stanza is empty. */
    private static final String NOTHING_MORE = "";

    private final Socket tcp;
    private volatile Socket socket;
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>(QUEUED_STANZAS);
    private final CountDownLatch readerDone = new CountDownLatch(1);
    private volatile @Nullable Thread writer;

    Wire(Socket tcp) throws IOException {
        this.tcp = tcp;
        this.socket = tcp;
        tcp.setTcpNoDelay(true);
        tcp.setSoTimeout(LOGIN_MS);
    }

    InputStream input() throws IOException {
        return socket.getInputStream();
    }

    boolean isEncrypted() {
        return socket instanceof SSLSocket;
    }

    void encrypt(SSLContext context) throws IOException {
        var tls = (SSLSocket) context.getSocketFactory().createSocket(tcp, null, tcp.getPort(), true);
        tls.setUseClientMode(false);
        tls.startHandshake();
        socket = tls;
    }

    /** From here on the client may be silent for as long as it likes. */
    void startQueue(String threadName) throws IOException {
        socket.setSoTimeout(0);
        Thread thread = new Thread(this::writeQueue, threadName);
        thread.setDaemon(true);
        writer = thread;
        thread.start();
    }

    /** Failure shows at the reader, whose connection is then closed. */
    void send(String xml) {
        if (writer == null) {
            writeOrAbort(xml);
        } else if (!queue.offer(xml)) {
            log.warn("{}: {} stanzas unread, dropped", tcp.getRemoteSocketAddress(), QUEUED_STANZAS);
            abort();
        }
    }

    /** Closes the stream as RFC 6120 section 4.4 wants it, after {@code lastWords} (may be empty). */
    void finish(String lastWords) {
        send(lastWords + END);
        if (writer == null) {
            halfClose();
        } else {
            send(NOTHING_MORE);
        }
    }

    /** The reader's last call: waits for the client to close its side, then frees everything. */
    void awaitFarewell() {
        try {
            socket.setSoTimeout(FAREWELL_MS);
            byte[] rest = new byte[8_192];
            int count = 0;
            for (long total = 0; count >= 0 && total < FAREWELL_BYTES; total += count) {
                count = input().read(rest);
            }
        } catch (SocketTimeoutException e) {
            log.debug("{} did not close its side", tcp.getRemoteSocketAddress());
        } catch (IOException e) {
            log.debug("{} closed: {}", tcp.getRemoteSocketAddress(), e.getMessage());
        }
        readerDone.countDown();
        abort();
    }

    /** Cuts the connection as a broken network would. */
    void abort() {
        try {
            tcp.close();
        } catch (IOException e) {
            log.debug("{} while closing: {}", tcp.getRemoteSocketAddress(), e.getMessage());
        }
        Thread thread = writer;
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    private void writeQueue() {
        try {
            for (String xml = queue.take(); !xml.equals(NOTHING_MORE); xml = queue.take()) {
                write(xml);
            }
            halfClose();
            if (!readerDone.await(FAREWELL_MS, MILLISECONDS)) {
                log.debug("{} did not close its side", tcp.getRemoteSocketAddress());
            }
            abort();
        } catch (IOException e) {
            log.debug("{} lost: {}", tcp.getRemoteSocketAddress(), e.getMessage());
            abort();
        } catch (InterruptedException e) {
            log.debug("{} aborted", tcp.getRemoteSocketAddress());
        }
    }

    private void writeOrAbort(String xml) {
        try {
            write(xml);
        } catch (IOException e) {
            log.debug("{} lost: {}", tcp.getRemoteSocketAddress(), e.getMessage());
            abort();
        }
    }

    private void write(String xml) throws IOException {
        socket.getOutputStream().write(xml.getBytes(UTF_8));
    }

    private void halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            log.debug("{} lost: {}", tcp.getRemoteSocketAddress(), e.getMessage());
            abort();
        }
    }
}
