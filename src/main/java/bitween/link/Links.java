package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.model.Absence;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.Fingerprint;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one link for questions to each friend's device that is online: dials when it comes, takes what comes from there, and dials again when it breaks. What is asked
 * over them is {@link Questions}'. Thread: {@code link}, its mailbox; dialling is done by threads of the executor.
 *
 * <p>Both sides dial, by TCP first and through the XMPP servers when that has not led there soon; then TCP is tried on. Of two links the direct one is used, or
 * else the one that the device with the smaller id dialled; the other is given up once nobody waits for an answer on it.
 *
 * <p>Who is linked counts as online, so while the user is away there are none.
 */
final class Links implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Links.class);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);
    private static final Duration CHECK = Duration.ofSeconds(20);
    /** A link where the last ping was answered. */
    private static final Duration ALIVE = Duration.ofSeconds(25);
    /** Far above any round trip; whoever is gone is dialled elsewhere after it. */
    static final Duration DOUBT = Duration.ofSeconds(5);
    /** Pages are read from memory or SQLite; on a link of 3 kB/s one takes a while. */
    private static final Duration REPLY = Duration.ofSeconds(60);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final Executor threads;
    private final Dialer dialer;
    private final Routes routes;
    private final TrustedDevices trusted;
    private final Fingerprint self;
    private final Function<Link, RequestLink.Server> answers;
    private final Clock clock;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Map<Device, Neighbour> neighbours = new HashMap<>();
    private final Questions questions;
    private final Timers.Timer checks;
    /** Whether the user wants no friend to see us. */
    private boolean away;

    private boolean closed;

    /** @param answers to what is asked over a link */
    Links(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            Executor threads,
            Dialer dialer,
            Routes routes,
            TrustedDevices trusted,
            Fingerprint self,
            Function<Link, RequestLink.Server> answers,
            Clock clock) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
        this.threads = threads;
        this.dialer = dialer;
        this.routes = routes;
        this.trusted = trusted;
        this.self = self;
        this.answers = answers;
        this.clock = clock;
        bus.subscribe(DeviceAnnounced.class, mailbox, this::onDeviceAnnounced);
        bus.subscribe(DeviceGone.class, mailbox, this::onDeviceGone);
        bus.subscribe(TrustChanged.class, mailbox, this::onTrustChanged);
        bus.subscribe(ConnectionChanged.class, mailbox, this::onConnectionChanged);
        questions = new Questions(bus, mailbox, timers, neighbours);
        checks = timers.every(CHECK, mailbox, this::check);
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        Device device = event.device();
        Announcement announcement = event.announcement();
        routes.announced(device, announcement.addresses());
        Neighbour neighbour = neighbours.computeIfAbsent(device, unknown -> new Neighbour());
        neighbour.online = true;
        neighbour.delay = Neighbour.FIRST_RETRY; // new addresses are tried at once
        neighbour.forgetRetry();
        dial(device, neighbour);
    }

    /** A link that works outlives the presence: the XMPP server may be what is gone. */
    private void onDeviceGone(DeviceGone event) {
        Neighbour neighbour = neighbours.get(event.device());
        if (neighbour != null) {
            neighbour.online = false;
            neighbour.forgetRetry();
            forgetIfUnused(event.device(), neighbour);
        }
    }

    /** Asks the device to dial us, over a direct link if there is one. Any thread. */
    void call(Device device) {
        try {
            mailbox.execute(() -> {
                Neighbour neighbour = neighbours.get(device);
                RequestLink link = neighbour == null ? null : neighbour.used();
                if (link != null && link.isDirect()) {
                    link.call();
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("{} is not called, as we are closing", device);
        }
    }

    /** A link whose device proved its key. Any thread. */
    void add(Link link) {
        RequestLink requests = requests(link);
        try {
            mailbox.execute(() -> take(requests));
        } catch (RejectedExecutionException e) {
            requests.close(); // we are closing
        }
    }

    private RequestLink requests(Link link) {
        return new RequestLink(link, REPLY, answers.apply(link), this::onEnded);
    }

    private void onEnded(RequestLink link) {
        try {
            mailbox.execute(() -> remove(link));
        } catch (RejectedExecutionException e) {
            log.debug("{} ended while we are closing", link.device());
        }
    }

    private void take(RequestLink link) {
        Device device = link.device();
        if (closed || away || !trusted.trusts(device)) {
            link.close();
            return;
        }
        Neighbour neighbour = neighbours.computeIfAbsent(device, unknown -> new Neighbour());
        if (neighbour.links.size() >= Neighbour.MAX_LINKS) {
            neighbour.links.stream()
                    .min(Comparator.comparingLong(RequestLink::heardNs))
                    .ifPresent(RequestLink::close);
        }
        RequestLink before = neighbour.links.isEmpty() ? null : neighbour.links.get(0);
        boolean better = before == null || isBetter(link, before);
        neighbour.links.add(better ? 0 : neighbour.links.size(), link);
        link.start();
        var unused = link.proved().thenAccept(this::onProved);
        questions.linked(neighbour, link);
    }

    private void onProved(RequestLink link) {
        try {
            mailbox.execute(() -> {
                Neighbour neighbour = neighbours.get(link.device());
                if (neighbour != null && neighbour.links.contains(link)) {
                    neighbour.delay = Neighbour.FIRST_RETRY;
                    tell(link.device(), neighbour);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("{} linked while we are closing", link.device());
        }
    }

    /** Says how the device is reached now, if that is news. */
    private void tell(Device device, Neighbour neighbour) {
        LinkPath path = neighbour.path();
        LinkPath told = neighbour.told;
        boolean came = path != null && told == null;
        boolean went = path == null && told != null;
        if (came || went || (path != null && told != null && path.isDirect() != told.isDirect())) {
            neighbour.told = path;
            log.debug("{} linked: {}", device, path);
            bus.publish(new LinkChanged(device, path, clock.instant()));
        }
    }

    /** Both sides come to the same answer. */
    private boolean isBetter(RequestLink link, RequestLink before) {
        return link.isDirect() == before.isDirect() ? isPreferred(link) || !isPreferred(before) : link.isDirect();
    }

    private boolean isPreferred(RequestLink link) {
        boolean oursIsSmaller = self.hex().compareTo(link.device().id().value()) < 0;
        return link.link().dialled() == oursIsSmaller;
    }

    private void remove(RequestLink link) {
        Device device = link.device();
        Neighbour neighbour = neighbours.get(device);
        if (neighbour == null || !neighbour.links.remove(link)) {
            return;
        }
        tell(device, neighbour);
        if (!neighbour.isDirect()) {
            if (link.isProved()) { // who sends us away is dialled ever more seldom
                neighbour.delay = Neighbour.FIRST_RETRY;
                neighbour.forgetRetry();
            }
            redial(device, neighbour);
            forgetIfUnused(device, neighbour);
        }
    }

    /** Ends what leads nowhere any more, which TCP would notice after minutes. */
    void end(Predicate<Link> stranded) {
        for (Neighbour neighbour : List.copyOf(neighbours.values())) {
            for (RequestLink link : List.copyOf(neighbour.links)) {
                if (stranded.test(link.link())) {
                    remove(link);
                    link.close();
                }
            }
        }
    }

    /** Ends those that do not answer soon. */
    void doubt(Predicate<Link> doubtful) {
        long sinceNs = System.nanoTime();
        List<RequestLink> doubted = neighbours.values().stream()
                .flatMap(neighbour -> neighbour.links.stream())
                .filter(link -> doubtful.test(link.link()))
                .toList();
        doubted.forEach(RequestLink::ping);
        timers.after(
                DOUBT,
                mailbox,
                () -> doubted.stream().filter(link -> !link.heardSince(sinceNs)).forEach(RequestLink::close));
    }

    /** Where it was announced since another dial began, that one does not keep it waiting. */
    private void dial(Device device, Neighbour neighbour) {
        boolean first = neighbour.dials.isEmpty();
        List<PeerAddress> addresses = neighbour.untried(routes.to(device));
        boolean useless = !first && (addresses.isEmpty() || neighbour.dials.size() >= Neighbour.MAX_DIALS);
        if (closed || away || useless || neighbour.isDirect() || !trusted.trusts(device)) {
            return;
        }
        neighbour.dials.add(addresses);
        if (first && neighbour.links.isEmpty()) {
            timers.after(Dialer.HEAD_START, mailbox, () -> dialInBand(device, neighbour));
        }
        try {
            threads.execute(() -> {
                Link link = tryDial(device, (to, purpose) -> dialer.dialAt(to, purpose, addresses));
                handOver(device, link, () -> {
                    neighbour.dials.remove(addresses);
                    dialled(device, neighbour, link);
                    dialInBand(device, neighbour); // at once, where there is no address
                });
            });
        } catch (RejectedExecutionException e) {
            neighbour.dials.remove(addresses);
            redial(device, neighbour);
        }
    }

    /** Unless there is a link, as it may be by now. */
    private void dialInBand(Device device, Neighbour neighbour) {
        if (closed
                || neighbours.get(device) != neighbour // it left, and may have come anew
                || neighbour.diallingInBand
                || !neighbour.links.isEmpty()
                || !dialer.hasInBand(device)
                || !trusted.trusts(device)) {
            return;
        }
        neighbour.diallingInBand = true;
        try {
            threads.execute(() -> {
                Link link = tryDial(device, dialer::dialInBand);
                handOver(device, link, () -> {
                    neighbour.diallingInBand = false;
                    dialled(device, neighbour, link);
                });
            });
        } catch (RejectedExecutionException e) {
            neighbour.diallingInBand = false; // the next look at TCP comes by here again
        }
    }

    private interface Way {
        Link dial(Device device, Purpose purpose) throws IOException;
    }

    private static @Nullable Link tryDial(Device device, Way way) {
        try {
            return way.dial(device, Purpose.REQUESTS);
        } catch (IOException e) {
            log.debug("{} could not be dialled: {}", device, e.toString());
            return null;
        } catch (RuntimeException e) {
            log.error("dialling {} failed in a way nobody foresaw", device, e);
            return null; // so that it is dialled again
        }
    }

    /** A dial ends when it ends, maybe after we have closed. On a thread of the executor. */
    private void handOver(Device device, @Nullable Link link, Runnable task) {
        try {
            mailbox.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("{} was dialled while we are closing", device);
            if (link != null) {
                link.close();
            }
        }
    }

    private void dialled(Device device, Neighbour neighbour, @Nullable Link link) {
        if (link != null) {
            take(requests(link));
        } else {
            redial(device, neighbour);
            forgetIfUnused(device, neighbour);
        }
    }

    private void redial(Device device, Neighbour neighbour) {
        if (closed || away || !neighbour.online || neighbour.retry != null || neighbour.isDirect()) {
            return;
        }
        long jitter = (long) (neighbour.delay.toMillis() * (0.5 + random.nextDouble()));
        neighbour.retry = timers.after(Duration.ofMillis(jitter), mailbox, () -> {
            neighbour.retry = null;
            dial(device, neighbour);
        });
        neighbour.delay = neighbour.delay.multipliedBy(2).compareTo(LAST_RETRY) < 0
                ? neighbour.delay.multipliedBy(2)
                : LAST_RETRY;
    }

    private void forgetIfUnused(Device device, Neighbour neighbour) {
        boolean dialling = !neighbour.dials.isEmpty() || neighbour.diallingInBand;
        if (!neighbour.online && !dialling && neighbour.links.isEmpty()) {
            questions.gone(device, neighbour);
            if (neighbours.remove(device, neighbour)) {
                routes.forget(device);
            }
        }
    }

    private void check() {
        for (Neighbour neighbour : List.copyOf(neighbours.values())) {
            List<RequestLink> links = List.copyOf(neighbour.links);
            long now = System.nanoTime();
            if (!links.isEmpty() && links.get(0).isProved() && links.get(0).heardSince(now - ALIVE.toNanos())) {
                links.stream().skip(1).filter(link -> link.isIdle(now)).forEach(RequestLink::close);
            }
            links.forEach(RequestLink::check);
        }
    }

    /** Who lost trust loses the link now. */
    private void onTrustChanged(TrustChanged event) {
        for (Neighbour neighbour : List.copyOf(neighbours.values())) {
            List.copyOf(neighbour.links).stream()
                    .filter(link -> !trusted.trusts(link.device()))
                    .forEach(RequestLink::close);
        }
    }

    /** Devices that are announced once the user is back are dialled then, and dial us. */
    private void onConnectionChanged(ConnectionChanged event) {
        away = event.state().absence() != Absence.PRESENT;
        if (away) {
            endAll();
        }
    }

    private void endAll() {
        for (Neighbour neighbour : List.copyOf(neighbours.values())) {
            neighbour.forgetRetry();
            List.copyOf(neighbour.links).forEach(RequestLink::close);
        }
    }

    /** Ends every link. Idempotent; any thread. */
    @Override
    public void close() {
        checks.cancel();
        try {
            mailbox.execute(() -> {
                closed = true;
                endAll();
            });
        } catch (RejectedExecutionException e) {
            log.debug("closed already: {}", e.getMessage());
        }
    }
}
