package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * One BitTorrent connection between libtorrent here and a friend's device: copies what comes from each side to the other until either ends. A side that does not
 * read holds the other back, because the copying thread waits for it.
 *
 * <p>Thread: two of its own, one each way; {@link #close} from any.
 */
final class PeerStream implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(PeerStream.class);
    /** From 32 KiB to 256 KiB the speed hardly differs. */
    private static final int BLOCK = 128 << 10;

    private final Subject subject;
    private final HashSwap answer;
    private final Link remote;
    private final SocketChannel local;
    private final Rates.Pair rates;
    private final PeerWatch watch;
    private final MessageReader theirs;
    private final MessageReader ours;
    private final Consumer<PeerStream> ended;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long heardNs = System.nanoTime();

    /**
     * @param watch hears of what passes, before it does
     * @param ended called once, when nothing is copied any more
     */
    PeerStream(
            Subject subject,
            Link remote,
            SocketChannel local,
            Rates.Pair rates,
            PeerWatch watch,
            Consumer<PeerStream> ended) {
        this.subject = subject;
        answer = new HashSwap(subject.hash());
        this.remote = remote;
        this.local = local;
        this.rates = rates;
        this.ended = ended;
        this.watch = watch;
        theirs = watch.theirs();
        ours = watch.ours();
    }

    Subject subject() {
        return subject;
    }

    Device device() {
        return subject.device();
    }

    Link link() {
        return remote;
    }

    InfoHash hash() {
        return subject.hash();
    }

    /** Whether anything came from there since {@link System#nanoTime} was {@code sinceNs}. */
    boolean heardSince(long sinceNs) {
        return heardNs - sinceNs >= 0;
    }

    /** Whether the friend's device dialled. */
    boolean serving() {
        return subject.serving();
    }

    /** Copies both ways, one of them on {@code otherWay}; returns when the connection has ended. */
    void run(Executor otherWay) {
        try {
            otherWay.execute(() -> copy(this::send));
            copy(this::receive);
        } catch (RejectedExecutionException e) {
            log.debug("{}: no thread is left", subject);
        } finally {
            close();
        }
    }

    private interface Way {
        void copy() throws IOException, InterruptedException;
    }

    private void copy(Way way) {
        try {
            way.copy();
        } catch (IOException e) {
            if (!closed.get()) {
                log.debug("{}: ended: {}", subject, e.toString());
            }
            watch.ended(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the link is closing
        } finally {
            close(); // BitTorrent has no half of a connection
        }
    }

    private void receive() throws IOException, InterruptedException {
        ByteBuffer block = ByteBuffer.allocateDirect(SecureChannel.BUFFER_BYTES);
        while (remote.read(block.clear().limit(rates.down().portion(SecureChannel.BUFFER_BYTES))) >= 0) {
            heardNs = System.nanoTime();
            block.flip();
            rates.down().take(block.remaining(), closed::get);
            theirs.see(block);
            if (!subject.serving()) { // whoever dialled has shaken hands already
                answer.pass(block);
            }
            while (block.hasRemaining()) {
                local.write(block);
            }
        }
    }

    private void send() throws IOException, InterruptedException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        while (true) {
            block.clear().limit(rates.up().portion(BLOCK));
            if (local.read(block) < 0) {
                return;
            }
            block.flip();
            rates.up().take(block.remaining(), closed::get);
            ours.see(block);
            remote.write(block);
        }
    }

    /** Ends both ways at once. Idempotent. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Sockets.close(local);
        remote.close();
        rates.down().wake();
        rates.up().wake();
        ended.accept(this);
    }
}
