package bitween.link;

import bitween.model.Device;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Lets a friend's device dial where we cannot: a router may let its links out to us, and none of ours in. We ask over the link for questions, and what it then
 * dials we use as if we had. Thread: any; {@link #call} waits.
 */
final class Calls {
    private static final Logger log = LogManager.getLogger(Calls.class);
    /** From the question until the key is proved takes four round trips. */
    static final Duration LIMIT = Duration.ofSeconds(5);
    /** Whoever asked may not have begun to wait. */
    private static final Duration HANDOVER = Duration.ofSeconds(1);

    /** A device's wishes that we fulfil at a time; what it asks for beyond them is not heard. */
    static final int MAX_AT_ONCE = 16;

    private final Dialer dialer;
    private final Executor threads;
    private final Consumer<Device> question;
    private final Consumer<Link> server;
    /** Hands what a device dialled to whoever waits for it. */
    private final Map<Device, SynchronousQueue<Link>> counters = new ConcurrentHashMap<>();

    private final Places places = new Places(MAX_AT_ONCE);

    /**
     * @param question asks a device to dial us; never blocks
     * @param server takes a link that we dialled because we were asked; blocks as long as it lives
     */
    Calls(Dialer dialer, Executor threads, Consumer<Device> question, Consumer<Link> server) {
        this.dialer = dialer;
        this.threads = threads;
        this.question = question;
        this.server = server;
    }

    /**
     * Has the device dial us.
     *
     * @throws IOException when it does not, within {@link #LIMIT}
     */
    Link call(Device device) throws IOException {
        SynchronousQueue<Link> counter = counters.computeIfAbsent(device, first -> new SynchronousQueue<>());
        question.accept(device);
        try {
            Link link = counter.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (link == null) {
                throw new ConnectException(device + " did not dial us, as it was asked to");
            }
            return link;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("we are closing");
        }
    }

    /** The device dialled because it was asked to, and its key is proved. Waits a moment. */
    void came(Link link) {
        SynchronousQueue<Link> counter = counters.get(link.device());
        try {
            if (counter != null && counter.offer(link, HANDOVER.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            log.debug("{} dialled, and nobody waits for it", link.device());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        link.close();
    }

    /** The device asks us to dial it. Never blocks. */
    void asked(Device device) {
        if (!places.take(device)) {
            log.debug("{} asks to be dialled too often", device);
            return;
        }
        try {
            threads.execute(() -> dial(device));
        } catch (RejectedExecutionException e) {
            places.free(device);
        }
    }

    private void dial(Device device) {
        Link link;
        try {
            link = dialer.dial(device, Purpose.CALLED);
        } catch (IOException e) {
            log.debug("{} asked to be dialled, and could not be: {}", device, e.toString());
            return;
        } finally {
            places.free(device);
        }
        server.accept(link);
    }
}
