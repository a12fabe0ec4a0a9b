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
import java.util.concurrent.Semaphore;
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
    /** From the question, which may stand behind a page, until the key is proved takes four round trips. */
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** Whoever asked may not have begun to wait. */
    private static final Duration HANDOVER = Duration.ofSeconds(1);

    /** That one device dials at a time, also if we want more of it; fewer than a door lets in from one network. */
    static final int MAX_AT_ONCE = 4;

    private final Dialer dialer;
    private final Executor threads;
    private final Duration limit;
    private final Consumer<Device> question;
    private final Consumer<Link> server;
    /** Hands what a device dialled to whoever waits for it. */
    private final Map<Device, Counter> counters = new ConcurrentHashMap<>();

    private final Places dials = new Places(MAX_AT_ONCE);
    private final Places arrivals = new Places(MAX_AT_ONCE);

    private record Counter(Semaphore turns, SynchronousQueue<Link> links) {
        private Counter() {
            this(new Semaphore(MAX_AT_ONCE, true), new SynchronousQueue<>());
        }
    }

    /**
     * @param question asks a device to dial us; never blocks
     * @param server takes a link that we dialled because we were asked; blocks as long as it lives
     */
    Calls(Dialer dialer, Executor threads, Consumer<Device> question, Consumer<Link> server) {
        this(dialer, threads, LIMIT, question, server);
    }

    /** @param limit how long {@link #call} may wait */
    Calls(Dialer dialer, Executor threads, Duration limit, Consumer<Device> question, Consumer<Link> server) {
        this.limit = limit;
        this.dialer = dialer;
        this.threads = threads;
        this.question = question;
        this.server = server;
    }

    /**
     * Has the device dial us, when it is our turn.
     *
     * @throws IOException when it does not, in time
     */
    Link call(Device device) throws IOException {
        Counter counter = counters.computeIfAbsent(device, first -> new Counter());
        long deadlineNs = System.nanoTime() + limit.toNanos();
        try {
            if (!counter.turns.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ConnectException(device + " is asked to dial us too often");
            }
            try {
                question.accept(device);
                Link link = counter.links.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (link == null) {
                    throw new ConnectException(device + " did not dial us, as it was asked to");
                }
                return link;
            } finally {
                counter.turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("we are closing");
        }
    }

    /** The device dialled because it was asked to, and its key is proved. Waits a moment. */
    void came(Link link) {
        if (!hasHandedOver(link)) {
            log.debug("{} dialled, and nobody waits for it", link.device());
            link.close();
        }
    }

    private boolean hasHandedOver(Link link) {
        Counter counter = counters.get(link.device());
        if (counter == null || !link.path().isDirect() || !arrivals.take(link.device())) {
            return false;
        }
        try {
            return counter.links.offer(link, HANDOVER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            arrivals.free(link.device());
        }
    }

    /** The device asks us to dial it. Never blocks. */
    void asked(Device device) {
        if (!dialer.hasProven(device) || !dials.take(device)) {
            log.debug("{} asks to be dialled where it never was, or too often", device);
            return;
        }
        try {
            threads.execute(() -> dial(device));
        } catch (RejectedExecutionException e) {
            dials.free(device);
        }
    }

    private void dial(Device device) {
        Link link;
        try {
            link = dialer.dialAgain(device, Purpose.CALLED);
        } catch (IOException e) {
            log.debug("{} asked to be dialled, and could not be: {}", device, e.toString());
            return;
        } finally {
            dials.free(device);
        }
        server.accept(link);
    }
}
