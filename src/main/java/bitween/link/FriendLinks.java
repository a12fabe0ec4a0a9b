package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.LinkEvent.ListenPortChanged;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Fingerprint;
import bitween.model.Jid;
import bitween.model.PipeDoor;
import bitween.model.SignedAnnouncement;
import bitween.model.UserException;
import bitween.store.RateStore;
import bitween.store.TrustStore;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The room's parts, put together: who is trusted, the links to them, and the bridge to libtorrent. Made before the first message; {@link #open} lets friends in.
 *
 * <p>Thread: any.
 */
public final class FriendLinks implements AutoCloseable {
    /** Two for each connection; far above 64 strangers and some hundred friends. */
    private static final int MAX_THREADS = 2_000;

    private static final long IDLE_SECONDS = 20;
    private static final long CLOSE_SECONDS = 1;

    private final Parts parts;
    private final Tls tls;
    private final ExecutorService threads = pool();
    private final Dialer dialer;
    private final Calls calls;
    private final Pins pins;
    private final Links links;
    private final Bridge bridge;
    private final FriendRates rates;
    private volatile @Nullable LinkListener listener;

    /**
     * What it is made of.
     *
     * @param mailbox the component's own, {@code link}
     * @param self our account
     * @param access what may be fetched from whom
     */
    public record Parts(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            TrustStore store,
            RateStore rates,
            DeviceKey key,
            Jid self,
            Access access,
            Clock clock) {}

    /** @throws UserException INTERNAL when the system has no sockets left */
    public FriendLinks(Parts parts, Tls tls) {
        this.parts = parts;
        this.tls = tls;
        Routes routes = new Routes();
        Fingerprint own = parts.key().fingerprint();
        dialer = new Dialer(tls, routes, new DialLimits(System::nanoTime), parts.timers(), parts.mailbox());
        new Stranded(
                parts.bus(),
                parts.mailbox(),
                this::end,
                this::doubt); // hears first: what is dead is gone when Links looks
        calls = new Calls(dialer, threads, this::call, this::serve);
        Offenders offenders = new Offenders(parts.bus(), parts.mailbox(), parts.timers());
        Observed observed = new Observed(parts.bus(), parts.mailbox(), parts.timers(), parts.self(), System::nanoTime);
        pins = new Pins(parts.bus(), parts.mailbox(), parts.store(), parts.key(), parts.self(), parts.clock());
        links = new Links(
                parts.bus(),
                parts.mailbox(),
                parts.timers(),
                threads,
                dialer,
                routes,
                pins,
                own,
                link -> new Answers(parts.bus(), parts.mailbox(), observed, calls, offenders, link),
                parts.clock());
        try {
            bridge = new Bridge(
                    parts.bus(),
                    parts.mailbox(),
                    parts.timers(),
                    new Ways(dialer, calls),
                    pins,
                    helped(parts, pins),
                    offenders,
                    threads);
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.INTERNAL, "no sockets are left on this machine: " + e.getMessage(), "see ulimit -n", e);
        }
        rates = new FriendRates(parts.bus(), parts.mailbox(), parts.rates(), bridge.rates(), parts.self());
    }

    private static Access helped(Parts parts, Pins pins) {
        Helping helping = new Helping(
                parts.bus(),
                parts.mailbox(),
                parts.timers(),
                parts.key(),
                new Device(parts.self(), new DeviceId(parts.key().fingerprint().hex())),
                parts.access(),
                pins::keyOf,
                parts.clock());
        return new HelpedAccess(parts.access(), helping);
    }

    /**
     * Accepts links from now on; ListenPortChanged follows.
     *
     * @param port the one that is wanted; it, or the first free one after it, or any. 0: any
     * @param lastPort after which any will do
     * @param loopbackOnly whether only this machine's processes may reach it
     * @throws UserException BAD_CONFIG when no port is free
     */
    public void open(int port, int lastPort, boolean loopbackOnly) {
        rates.publishStored();
        parts.mailbox().execute(pins::publishStored);
        List<ServerSocketChannel> doors = Doors.open(port, lastPort, loopbackOnly);
        try {
            LinkListener opened =
                    LinkListener.start(doors, tls, pins, parts.timers(), parts.mailbox(), threads, this::onLink);
            listener = opened;
            parts.bus().publish(new ListenPortChanged(opened.port()));
        } catch (IOException e) {
            doors.forEach(Sockets::close);
            throw new UserException(
                    ErrorCode.INTERNAL, "links cannot be accepted: " + e.getMessage(), "see ulimit -n", e);
        }
    }

    /** What may come from all friends together, and go to them, in bytes per second, until {@link bitween.message.RateRequest.LimitAll} says otherwise; 0: no limit. */
    public void limitAll(long downBytesPerSecond, long upBytesPerSecond) {
        bridge.rates().limitAll(downBytesPerSecond, upBytesPerSecond);
    }

    /** To be called after {@link #open}: links may pass the XMPP servers too, where there is no other way. */
    public void alsoInBand(PipeDoor door) {
        dialer.alsoInBand(door, pins::whereabouts);
        door.welcome((from, pipe) -> {
            LinkListener opened = listener;
            if (opened == null) {
                pipe.close();
            } else {
                opened.welcome(from, pipe);
            }
        });
    }

    private void onLink(Link link, Purpose purpose) {
        switch (purpose) {
            case REQUESTS -> links.add(link);
            case PEER -> serve(link);
            case CALLED -> calls.came(link);
        }
    }

    private void call(Device device) {
        links.call(device);
    }

    private void serve(Link link) {
        bridge.serve(link);
    }

    private void end(Predicate<Link> stranded) {
        links.end(stranded);
        bridge.end(stranded);
    }

    private void doubt(Predicate<Link> doubtful) {
        links.doubt(doubtful);
        bridge.doubt(doubtful);
    }

    /** What we announce, with a new counter. May wait for the disk. */
    public SignedAnnouncement sign(Announcement announcement) {
        var now = parts.clock().instant();
        var endorsements = parts.store().endorsements(parts.self());
        return Announcements.sign(
                parts.key(),
                parts.self(),
                announcement,
                parts.store().nextCounter(parts.self(), now),
                now,
                endorsements.subList(0, Math.min(endorsements.size(), SignedAnnouncement.MAX_ENDORSEMENTS)));
    }

    /** Announcements so far that were dropped: forged, old, or too many. Any thread. */
    public long dropped() {
        return pins.dropped();
    }

    /** Connections so far that were sent away: strangers', and those that came to nothing. Any thread. */
    public long refused() {
        LinkListener opened = listener;
        return opened == null ? 0 : opened.refused();
    }

    private static ExecutorService pool() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0,
                MAX_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "link-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    throw new RejectedExecutionException("no more than " + MAX_THREADS + " threads for links");
                });
    }

    /** Ends every link and connection. Idempotent; within 3 s. */
    @Override
    public void close() {
        LinkListener opened = listener;
        if (opened != null) {
            opened.close();
        }
        bridge.close();
        links.close();
        threads.shutdownNow();
        try {
            threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
